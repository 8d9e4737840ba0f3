"""Hugging Face's chat-ui: conversations.json in its ZIP, or as MongoDB writes it."""

from .entries import ASSISTANT, USER, Draft, Turn
from .values import identity, mapping, moment, name, sequence, string, title
from .wording import file_note, joined, without_thoughts

SOURCE = "chat-ui"
NAME = "chat-ui"
_ROLES = {"user": USER, "assistant": ASSISTANT}


def recognises(value):
    """Whether this object is a conversation of chat-ui."""
    messages = map(mapping, sequence(value.get("messages")))
    return "rootMessageId" in value or any("from" in message for message in messages)


def read(value):
    """Return the Draft of a conversation."""
    messages = list(map(mapping, sequence(value.get("messages"))))
    model = name(value.get("model"))
    is_tree = any(sequence(message.get("ancestors")) for message in messages)
    nodes, before = [], None
    for place, message in enumerate(messages):
        key = identity(message.get("id")) or f"#{place}"
        above = [identity(a) for a in sequence(message.get("ancestors"))[-1:]]
        parent = next(iter(above), None) if is_tree else before
        nodes.append((key, parent or None, _turn(message, model)))
        before = key
    return Draft(
        source_id=identity(value.get("_id")) or identity(value.get("id")),
        title=title(value.get("title")),
        created_at=moment(value.get("createdAt")),
        updated_at=moment(value.get("updatedAt")),
        nodes=nodes,
        head=before,
    )


def _turn(message, model):
    role = _ROLES.get(string(message.get("from")))
    if role is None:
        return None
    words, thoughts = without_thoughts(message.get("content"))
    words = joined([words, *map(_file, sequence(message.get("files")))])
    reasoning = joined([without_thoughts(message.get("reasoning"))[0], thoughts])
    if not words and not reasoning:
        return None
    routed = name(mapping(message.get("routerMetadata")).get("model"))
    return Turn(
        "",
        None,
        role,
        words,
        reasoning=reasoning,
        model=(routed or model) if role == ASSISTANT else "",
        state="interrupted" if message.get("interrupted") is True else "finished",
        created_at=moment(message.get("createdAt")),
    )


def _file(file):
    return file_note(mapping(file).get("name") or file)
