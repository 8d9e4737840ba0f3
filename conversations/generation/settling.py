"""How a reply ends in the database: once, whoever notices first."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from conversations import events
from conversations.models import Conversation, Generation, Message

from .prompt import learned_ratio

State = Generation.State
SETTLED_FIELDS = [
    "text",
    "html",
    "reasoning",
    "reasoning_html",
    "renderer_version",
]


@dataclass(slots=True)
class Outcome:
    """How a reply ended, and what is known of the call that made it."""

    state: str = State.FINISHED
    error_code: str = ""
    facts: dict = field(default_factory=dict)  # further fields of Generation
    prompt_characters: int = 0


def settle(generation, outcome, *, text=None, reasoning="", **guard):
    """End `generation` as `outcome` says; return False when another process did.

    `text` None keeps the text saved last. `guard` are the conditions under which it is
    ours to end, beside being open: `owner`, `heartbeat_at__lt` and so on.
    """
    message = Message.objects.select_related("conversation").get(
        pk=generation.message_id
    )
    if text is not None:
        message.text, message.reasoning = text, reasoning
    message.render()  # before the transaction: others may be waiting to write
    with transaction.atomic():
        if not _win(generation, outcome, guard):
            return False
        message.save(update_fields=SETTLED_FIELDS)
        now = timezone.now()
        Conversation.objects.filter(pk=message.conversation_id).update(
            replied_at=now, updated_at=now
        )
        _learn(generation, outcome)
        _announce(message.conversation, message)
    return True


def _win(generation, outcome, guard):
    return (
        Generation.objects.open()
        .filter(pk=generation.pk, **guard)
        .update(
            state=outcome.state,
            error_code=outcome.error_code,
            ended_at=timezone.now(),
            **outcome.facts,
        )
    )


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
    events.publish_on_commit(
        events.user_group(conversation.owner_id),
        events.CONVERSATION_CHANGED,
        conversation=str(conversation.pk),
    )
