"""What writing a reply takes: estimated before it is asked for, counted afterwards."""

import dataclasses
import logging
from math import ceil

from django.db.models import Sum

from conversations import usage
from conversations.models import Generation, UsageEntry

from . import requests

logger = logging.getLogger(__name__)
Purpose = UsageEntry.Purpose


def call_of(generation, model, request):
    """Return the usage.Call that writing this reply is, by whoever asked for it."""
    reply = generation.message
    version = generation.persona_version
    return usage.Call(
        user_id=payer_of(generation),
        persona_id=version.persona_id,
        model=model,
        purpose=Purpose.REPLY,
        prompt_tokens=estimated_prompt(request, model),
        most_output_tokens=request.max_output_tokens,
        written_before=len(reply.text) + len(reply.reasoning),
    )


def payer_of(generation):
    reply = generation.message
    asked = generation.asked_by_id or (reply.parent and reply.parent.author_id)
    return asked or reply.conversation.owner_id


def reserve(call, request):
    """Set aside what `call` may take; return `request`, no longer than there is room.

    Raises usage.Exhausted.
    """
    most = usage.reserve(call)
    if most == request.max_output_tokens:
        return request
    return dataclasses.replace(request, max_output_tokens=most)


def estimated_prompt(request, model):
    room = requests.room_for(request, model)
    return sum(room.tokens_of(len(m.text)) for m in request.messages)


def settle(call, outcome, text_characters):
    """Write down what `call` took, of which `outcome` tells and the length it left."""
    usage.settle(call, spent(call, outcome, text_characters))


def spent(call, outcome, text_characters):
    """Return the usage.Spent; None when it came to nothing, which nobody charges."""
    facts = outcome.facts
    if facts.get("prompt_tokens") is not None:
        return usage.Spent(
            prompt_tokens=facts["prompt_tokens"],
            completion_tokens=facts["completion_tokens"],
            cached_tokens=facts["cached_tokens"],
            reasoning_tokens=facts["reasoning_tokens"],
        )
    written = max(0, text_characters - call.written_before)
    if not written and (outcome.state == Generation.State.FAILED or not outcome.asked):
        return None
    return estimated(call, written)


def reported(call, found, characters):
    """Return the usage.Spent that `found`, an llm.Usage or None, tells of."""
    if found is None:
        return estimated(call, characters)
    return usage.Spent(
        prompt_tokens=found.prompt_tokens,
        completion_tokens=found.completion_tokens,
        cached_tokens=found.cached_tokens,
        reasoning_tokens=found.reasoning_tokens,
    )


def estimated(call, characters):
    """Return the usage.Spent of a call that nobody reported, by what was written."""
    ratio = requests.room_for(None, call.model).characters_per_token
    return usage.Spent(call.prompt_tokens, ceil(characters / ratio), is_estimated=True)


def abandoned_call(generation):
    """Return the Call of a reply whose process is gone, None if that is lost too."""
    if generation.model is None:
        return None
    entry = _entries_of(generation).open().first()
    call = usage.Call(
        user_id=payer_of(generation),
        persona_id=generation.persona_version.persona_id,
        model=generation.model,
        purpose=Purpose.REPLY,
        written_before=_written_before(generation),
        generation_id=generation.pk,
        entry=entry,
    )
    if entry is not None:
        call.prompt_tokens = entry.prompt_tokens
        return call
    try:
        request = requests.request_of(generation, generation.model)
        call.prompt_tokens = estimated_prompt(request, generation.model)
    except Exception:
        logger.exception("What reply %s took is not known", generation.message_id)
    return call


def _written_before(generation):
    """Return how many characters earlier calls for this reply wrote, about."""
    settled = _entries_of(generation).filter(state=UsageEntry.State.SETTLED)
    tokens = settled.aggregate(tokens=Sum("completion_tokens"))["tokens"] or 0
    ratio = requests.room_for(None, generation.model).characters_per_token
    return ceil(tokens * ratio)


def estimate_of(generation):
    """Return the entry that others estimated, as they thought its process gone."""
    return _entries_of(generation).filter(is_estimated=True).first()


def _entries_of(generation):
    """Return those of the reply itself, the last first; not of its title."""
    entries = UsageEntry.objects.filter(generation=generation, purpose=Purpose.REPLY)
    return entries.order_by("-pk")


def let_go(generation_id):
    """Give back what was set aside for a reply that is not asked for after all."""
    usage.release(UsageEntry.objects.open().filter(generation=generation_id))
