"""How a reply ends in the database: once, whoever notices first."""

from django.db import transaction
from django.utils import timezone

from conversations import events, metrics
from conversations.models import Conversation, Generation, Message
from conversations.models.participants import readers_of
from conversations.models.prepared_writes import PreparedUpdate

from . import spending
from .prompt import learned_ratio

State = Generation.State
SETTLED_FIELDS = [
    "text",
    "html",
    "reasoning",
    "reasoning_html",
    "renderer_version",
]


def settle(
    generation, outcome, *, text=None, reasoning="", by=None, since=None, **guard
):
    """End `generation` as `outcome` says; return False when another process did.

    `text` None keeps the text saved last, with which its message was loaded. `by` is
    the process that wrote it since `since`, if it says so itself. `guard` are further
    conditions under which others may end it: `state`, `heartbeat_at__lt` and so on.
    """
    message = generation.message
    if text is not None:
        message.text, message.reasoning = text, reasoning
    message.render()  # before the transaction: others may be waiting to write
    with transaction.atomic():
        if not _win(generation, outcome, by, since, guard):
            _count_anyway(generation, outcome)
            return False
        written = {name: getattr(message, name) for name in SETTLED_FIELDS}
        _change_message(message.pk, **written)
        now = timezone.now()
        _change_conversation(message.conversation_id, replied_at=now, updated_at=now)
        _learn(generation, outcome)
        if outcome.call is not None:
            spending.settle(
                outcome.call, outcome, len(message.text + message.reasoning)
            )
        _announce(message.conversation, message)
    metrics.reply_ended(
        outcome.state,
        outcome.error_code,
        seconds=(now - generation.created_at).total_seconds(),
        tokens=outcome.facts.get("completion_tokens"),
    )
    return True


def _win(generation, outcome, by, since, guard):
    """Change the state, once. Who writes a reply knows better than who missed it.

    Others settle a reply as interrupted when its process gives no sign of life. If it
    lives after all, and nobody stopped or continued the reply, it is its own to end.
    """
    values = {
        "state": outcome.state,
        "error_code": outcome.error_code,
        "ended_at": timezone.now(),
        **outcome.facts,
    }
    if by is None:
        rows = Generation.objects.open().filter(pk=generation.pk, **guard)
        return rows.update(**values)
    if _change_open(generation.pk, by, since, **values):
        return True
    given_up = _written(generation.pk, by, since)
    given_up = given_up.filter(state=State.INTERRUPTED, stop_requested=False)
    if not given_up.update(**values):
        return False
    if outcome.call is not None and outcome.call.entry is None:
        outcome.call.entry = spending.estimate_of(generation)
    return True


def _written(pk, by, since):
    return Generation.objects.filter(pk=pk, owner=by, started_at=since)


@PreparedUpdate
def _change_open(pk, by, since):
    return _written(pk, by, since).open()


@PreparedUpdate
def _change_message(pk):
    return Message.objects.filter(pk=pk)


@PreparedUpdate
def _change_conversation(pk):
    return Conversation.objects.filter(pk=pk)


def _count_anyway(generation, outcome):
    """Count what was spent on a reply that another process ended, or that is gone."""
    call = outcome.call
    if call is None:
        return
    if call.entry is None:
        if Generation.objects.filter(pk=generation.pk).exists():
            return  # by whoever ended it
        call.generation_id = None
    message = generation.message
    spending.settle(call, outcome, len(message.text + message.reasoning))


def _learn(generation, outcome):
    """Remember how many characters of ours this model counts as a token."""
    model = generation.model
    tokens = outcome.facts.get("prompt_tokens")
    if model is None or not tokens:
        return
    ratio = learned_ratio(
        model.characters_per_token,
        characters=outcome.prompt_characters,
        prompt_tokens=tokens,
    )
    if ratio != model.characters_per_token:
        type(model).objects.filter(pk=model.pk).update(characters_per_token=ratio)


def _announce(conversation, message):
    events.publish_on_commit(
        events.conversation_group(conversation.pk),
        events.GENERATION_ENDED,
        message=message.pk,
    )
    events.changed_in_lists(conversation.pk, readers_of(conversation))
