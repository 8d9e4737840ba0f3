"""Our own format: a conversation with all its branches as JSON, version 1.

The README describes it: others may read and write it. What is one person's own, as
the branch they see, is that of whoever sees the conversation.
"""

import json

from conversations.models import Message

FORMAT, VERSION = "chatsite", 1


def dump(conversation, messages):
    """Return `conversation` with `messages` as a dict of plain values.

    `messages` were loaded by `Message.objects.for_display()` and stand in the order of
    their keys; they may be a single branch. Of a reply that is being written it has
    the text as it was saved last.
    """
    reader = conversation.reader_id
    told = [dump_message(message, reader) for message in messages]
    return dump_head(conversation) | {"messages": told}


def dump_head(conversation):
    """Return what `dump` says of the conversation itself."""
    persona, folder = conversation.persona, conversation.folder
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": str(conversation.pk),
        "title": conversation.title,
        "persona": {"slug": persona.slug, "name": persona.name},
        "created_at": conversation.created_at.isoformat(),
        "updated_at": conversation.updated_at.isoformat(),
        "pinned": conversation.pinned_at is not None,
        "pinned_at": _iso(conversation.pinned_at),
        "archived": conversation.archived_at is not None,
        "archived_at": _iso(conversation.archived_at),
        "unread": conversation.is_unread,
        "folder": folder.name if folder else None,
        "people": conversation.has_people or not conversation.replies_always,
        "participants": _participants(conversation),
        "replies": conversation.replies_when,
        "head": conversation.head_id,
        "leaves": conversation.leaves,
    }


def dump_message(message, reader_id=None):
    """Return what `dump` says of one message, as that person has it."""
    return {
        "id": message.pk,
        "parent": message.parent_id,
        "role": message.role,
        "author": message.written_by or None,
        "own": reader_id is not None and message.author_id == reader_id,
        "persona": _persona(message) if message.is_reply else None,
        "model": model_of(message),
        "text": message.text,
        "reasoning": message.reasoning,
        "reasoning_ms": message.generation.reasoning_ms if message.is_reply else None,
        "tokens": _tokens(message.generation) if message.is_reply else None,
        "state": message.state,
        "error": message.generation.error_code if message.is_reply else "",
        "feedback": _feedback(message),
        "created_at": message.created_at.isoformat(),
    }


def model_of(message):
    """Return the name of the model that wrote a reply, as it is known; "" if not."""
    if message.role != Message.Role.ASSISTANT:
        return ""
    generation = message.generation
    if generation.model_name or generation.model is None:
        return generation.model_name
    return generation.model.api_name


def write(conversation, messages):
    """Yield what `dump` returns as JSON, piece by piece: `messages` may be many."""
    head = json.dumps(dump_head(conversation), ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "messages": ['
    separator = "\n"
    for message in messages:
        told = dump_message(message, conversation.reader_id)
        yield separator + json.dumps(told, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def _iso(moment):
    return moment and moment.isoformat()


def _participants(conversation):
    """Return the user names of those who were asked to take part, and of who did."""
    if not conversation.has_people:
        return []
    places = conversation.participants.order_by("pk")
    return list(places.values_list("user__username", flat=True))


def _tokens(generation):
    """Return what the provider said that the reply took; None when it said nothing."""
    told = {
        "prompt": generation.prompt_tokens,
        "cached": generation.cached_tokens,
        "completion": generation.completion_tokens,
        "reasoning": generation.reasoning_tokens,
    }
    return told if any(count is not None for count in told.values()) else None


def _feedback(message):
    given = message.feedback_given
    if given is None:
        return None
    return {
        "verdict": given.verdict,
        "note": given.note,
        "given_at": given.given_at.isoformat(),
    }


def _persona(message):
    version = message.generation.persona_version
    persona = version.persona
    return {"slug": persona.slug, "name": persona.name, "version": version.number}
