"""The events of one streamed completion → pieces of text, usage and the finish."""

import re
from dataclasses import dataclass

from django.conf import settings

from .errors import ProviderError, from_event
from .thinking import ThinkTag

# NUL, which PostgreSQL refuses, and halves of surrogate pairs, which UTF-8 does.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
HIGH_SURROGATE = re.compile("[\ud800-\udbff]$")


@dataclass(slots=True)
class TextDelta:
    text: str


@dataclass(slots=True)
class ReasoningDelta:
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; cached and reasoning ones are parts."""

    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    reasoning_tokens: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a reply; `reason` None means that it was cut off."""

    reason: str | None  # "stop", "length", "content_filter", "tool_calls", …
    model: str  # as the provider calls it
    request_id: str


class Reply:
    """One reply as it arrives: take events, then drain what they added."""

    def __init__(self, *, request_id: str = ""):
        self.request_id = request_id
        self.has_started = False  # something of it can be shown
        self.finish_reason = None
        self._has_text = self._wants_tool = False
        self._model, self._usage = "", None
        self._think = ThinkTag()
        self._half = {TextDelta: "", ReasoningDelta: ""}
        self._size, self._max_bytes = 0, settings.OPENAI_MAX_TEXT_BYTES
        self._pieces = []

    def take(self, event: dict):
        """Raises ProviderError for an error event, a malformed one and a flood."""
        if event.get("error") or event.get("object") == "error":
            raise from_event(event)
        try:
            if not self._model:
                self._model = str(event.get("model") or "")[:200]
                self.request_id = self.request_id or str(event.get("id") or "")[:200]
            if usage := event.get("usage"):
                self._usage = _usage(usage)
            for choice in event.get("choices") or ():
                if not choice.get("index"):
                    self._take_choice(choice)
        except (AttributeError, TypeError):
            raise ProviderError("malformed") from None

    def drain(self) -> list[TextDelta | ReasoningDelta]:
        """Return what came since the last time, neighbours of a kind as one piece."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def flush(self):
        """Let go, at the end, of what was held back in case more came."""
        reasoning, text = self._think.end()
        self._add(ReasoningDelta, reasoning)
        self._add(TextDelta, text)
        for kind, half in self._half.items():
            self._half[kind] = ""
            self._add(kind, "\ufffd" if half else "")

    def finish(self) -> list[Usage | Finish]:
        """Return the end; raises empty_reply or tool_call where there is no text."""
        wants_tool = self.finish_reason in ("tool_calls", "function_call")
        if not self._has_text and (wants_tool or self._wants_tool):
            raise ProviderError("tool_call")
        if not self._has_text and self.finish_reason in (None, "stop"):
            raise ProviderError("empty_reply")
        finish = Finish(self.finish_reason, self._model, self.request_id)
        return [self._usage, finish] if self._usage else [finish]

    def _take_choice(self, choice):
        if reason := choice.get("finish_reason"):
            self.finish_reason = str(reason)[:32]
        delta = choice.get("delta") or choice.get("message")
        if not delta:
            return
        if text := delta.get("reasoning_content") or delta.get("reasoning"):
            self._add(ReasoningDelta, text)
        if text := delta.get("content"):
            self._take_content(text)
        if text := delta.get("refusal"):
            self._add(TextDelta, text)
        if delta.get("tool_calls") or delta.get("function_call"):
            self._wants_tool = True

    def _take_content(self, text):
        if not self._think.is_past:
            reasoning, text = self._think.feed(text)
            self._add(ReasoningDelta, reasoning)
        self._add(TextDelta, text)

    def _add(self, kind, text):
        if self._half[kind] or not text.isascii() or "\0" in text:
            text = self._storable(kind, text)
        if not text:
            return
        self._size += len(text) if text.isascii() else len(text.encode())
        if self._size > self._max_bytes:
            raise ProviderError("too_big")
        self.has_started = True
        if kind is TextDelta and not self._has_text:
            self._has_text = not text.isspace()
        if self._pieces and type(self._pieces[-1]) is kind:
            self._pieces[-1].text += text
        else:
            self._pieces.append(kind(text))

    def _storable(self, kind, text):
        """Join surrogate pairs that were cut in two; replace what nobody can store."""
        text = self._half[kind] + text
        self._half[kind] = ""
        if not UNSTORABLE.search(text):
            return text
        if half := HIGH_SURROGATE.search(text):
            self._half[kind], text = half.group(), text[:-1]
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text.replace("\0", "\ufffd")


def _usage(usage):
    prompt = usage.get("prompt_tokens_details") or {}
    completion = usage.get("completion_tokens_details") or {}
    cached = prompt.get("cached_tokens") or usage.get("prompt_cache_hit_tokens")
    return Usage(
        prompt_tokens=_count(usage.get("prompt_tokens")),
        cached_tokens=_count(cached),
        completion_tokens=_count(usage.get("completion_tokens")),
        reasoning_tokens=_count(completion.get("reasoning_tokens")),
    )


def _count(value):
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0
