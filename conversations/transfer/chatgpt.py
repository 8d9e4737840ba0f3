"""ChatGPT's export: conversations.json, whole or in shards, alone or in its ZIP."""

from .chatgpt_texts import text_of, thoughts_of
from .entries import ASSISTANT, USER, Draft, Turn
from .values import identity, line, mapping, moment, name, sequence, string, title

SOURCE = "chatgpt"
NAME = "ChatGPT"
_MARKS = {
    "mapping",
    "current_node",
    "conversation_template_id",
    "default_model_slug",
    "moderation_results",
}


def recognises(value):
    """Whether this object is a conversation of ChatGPT."""
    return not _MARKS.isdisjoint(value)


def read(value):
    """Return the Draft of a conversation."""
    nodes = mapping(value.get("mapping"))
    model = name(value.get("default_model_slug"))
    return Draft(
        source_id=identity(value.get("conversation_id")) or identity(value.get("id")),
        title=title(value.get("title")),
        created_at=moment(value.get("create_time")),
        updated_at=moment(value.get("update_time")),
        nodes=[
            (key, string(node.get("parent")) or None, _turn(key, node, model))
            for key, node in _in_order(nodes)
        ],
        head=string(value.get("current_node")) or None,
        is_archived=value.get("is_archived") is True,
        is_pinned=value.get("is_starred") is True,
    )


def _in_order(nodes):
    """Return the nodes so that siblings stand as their parent lists them."""
    places = {}
    for node in nodes.values():
        for place, child in enumerate(sequence(mapping(node).get("children"))):
            if isinstance(child, str):
                places[child] = place
    items = [(key, mapping(node)) for key, node in nodes.items()]
    return sorted(items, key=lambda item: places.get(item[0], 0))


def _turn(key, node, model):
    """Return the Turn of a node, None where ChatGPT shows nothing."""
    message = mapping(node.get("message"))
    about = mapping(message.get("metadata"))
    role = mapping(message.get("author")).get("role")
    if about.get("is_visually_hidden_from_conversation") is True:
        return None
    if role not in (USER, ASSISTANT, "tool"):
        return None
    reasoning, seconds = thoughts_of(message) if role == ASSISTANT else ("", None)
    words = text_of(message, role)
    if not words and not reasoning and seconds is None:
        return None
    return Turn(
        key,
        None,
        USER if role == USER else ASSISTANT,
        words,
        reasoning=reasoning,
        reasoning_seconds=seconds,
        model="" if role == USER else line(about.get("model_slug"), 200) or model,
        created_at=moment(message.get("create_time")),
    )
