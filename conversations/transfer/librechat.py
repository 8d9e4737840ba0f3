"""LibreChat's export: one conversation, its messages in a list or inside each other."""

from .entries import ASSISTANT, USER, Draft, Turn
from .values import identity, mapping, moment, name, sequence, string, text, title
from .wording import file_note, joined, picture_note, without_thoughts

SOURCE = "librechat"
NAME = "LibreChat"


def recognises(value):
    """Whether this object is a conversation of LibreChat."""
    return "conversationId" in value and (
        "messages" in value or "messagesTree" in value
    )


def read(value):
    """Return the Draft of a conversation."""
    messages = sequence(value.get("messagesTree")) or sequence(value.get("messages"))
    nodes = _nodes(messages, name(mapping(value.get("options")).get("model")))
    times = [turn.created_at for _, _, turn in nodes if turn and turn.created_at]
    return Draft(
        source_id=identity(value.get("conversationId")),
        title=title(value.get("title")),
        created_at=moment(value.get("createdAt")) or min(times, default=None),
        updated_at=moment(value.get("updatedAt")) or max(times, default=None),
        nodes=nodes,
        is_archived=value.get("isArchived") is True,
    )


def _nodes(messages, model):
    """Return the nodes; those inside a message follow it, whatever they say."""
    flat, waiting = [], [(message, None) for message in reversed(messages)]
    while waiting:
        message, above = waiting.pop()
        message = mapping(message)
        key = identity(message.get("messageId")) or f"#{len(flat)}"
        flat.append((key, above, message))
        children = sequence(message.get("children"))
        waiting += [(child, key) for child in reversed(children)]
    is_tree = any(string(m.get("parentMessageId")) for _, _, m in flat)
    nodes, before = [], None
    for key, above, message in flat:
        told = string(message.get("parentMessageId")) if is_tree else before
        nodes.append((key, above or told or None, _turn(message, model)))
        before = key
    return nodes


def _turn(message, model):
    is_question = message.get("isCreatedByUser") is True or (
        "isCreatedByUser" not in message
        and string(message.get("sender")).lower() == "user"
    )
    parts = list(map(_part, sequence(message.get("content"))))
    words, reasoning = without_thoughts(message.get("text"))
    words = words or joined(said for said, _ in parts)
    reasoning = joined([reasoning, *(thought for _, thought in parts)])
    words = joined([words, *_files(message)])
    if not words and not reasoning:
        return None
    return Turn(
        "",
        None,
        USER if is_question else ASSISTANT,
        words,
        reasoning=reasoning,
        model="" if is_question else name(message.get("model")) or model,
        state="interrupted" if message.get("unfinished") is True else "finished",
        created_at=moment(message.get("createdAt")),
    )


def _part(part):
    """Return what a part of a message says, and what it thinks."""
    part = mapping(part)
    kind = part.get("type")
    if kind == "think":
        return "", _value(part.get("think"))
    if kind == "image_file":
        return picture_note(), ""
    return (_value(part.get("text")) if kind == "text" else ""), ""


def _value(told):
    return text(told) or text(mapping(told).get("value"))


def _files(message):
    for file in map(mapping, sequence(message.get("files"))):
        if string(file.get("type")).startswith("image"):
            yield picture_note()
        else:
            yield file_note(file.get("filename"))
