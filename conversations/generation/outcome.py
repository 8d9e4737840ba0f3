"""How a reply ended, and what is known of the call that made it."""

from dataclasses import dataclass, field

from conversations import rendering
from conversations.models import Failure, Generation
from conversations.usage import Call

State = Generation.State

# What we broke off ourselves, though the provider named no error.
_BROKEN_OFF = {State.INTERRUPTED: Failure.INTERRUPTED, State.FAILED: Failure.INTERNAL}
# A text one can go on from.
_CUT_OFF = {None: Failure.CUT_OFF, "length": Failure.LENGTH}
_REFUSED = {
    "content_filter": Failure.CONTENT_FILTER,
    "tool_calls": Failure.TOOL_CALL,
    "function_call": Failure.TOOL_CALL,
}


def failure_of(reason):
    """Return the Failure that a provider's finish reason means; None: all is well."""
    return _REFUSED.get(reason) or _CUT_OFF.get(reason)


@dataclass(slots=True)
class Outcome:
    """Filled in while a reply is written; `facts` are further fields of Generation."""

    state: str = State.FINISHED
    error_code: str = ""
    facts: dict = field(default_factory=dict)
    prompt_characters: int = 0
    call: Call | None = None  # for the ledger; None where nothing was called
    title_is_due: bool = False
    asked: bool = False  # whether the provider was told of it

    def fail(self, code):
        self.state, self.error_code = State.FAILED, code

    def fail_with(self, error):
        """Take a ProviderError."""
        self.fail(error.code)
        self.facts |= {
            "error_status": error.status,
            "request_id": rendering.clean(error.request_id or "")[:200],
        }

    def break_off(self, state):
        self.state, self.error_code = state, _BROKEN_OFF.get(state, "")

    def take_usage(self, usage):
        self.facts |= {
            "prompt_tokens": usage.prompt_tokens,
            "cached_tokens": usage.cached_tokens,
            "completion_tokens": usage.completion_tokens,
            "reasoning_tokens": usage.reasoning_tokens,
        }

    def finish(self, finish, text):
        """Turn the provider's last word into a state; silence is never "finished"."""
        self.facts |= {
            "finish_reason": rendering.clean(finish.reason or "")[:32],
            "model_name": rendering.clean(finish.model)[:200],
            "request_id": rendering.clean(finish.request_id)[:200],
        }
        if finish.reason in _REFUSED:
            self.fail(_REFUSED[finish.reason])
        elif finish.reason in _CUT_OFF:
            self.state, self.error_code = State.CUT_OFF, _CUT_OFF[finish.reason]
        elif not text.strip():
            self.fail(Failure.EMPTY_REPLY)
