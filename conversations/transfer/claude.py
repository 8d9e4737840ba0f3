"""Claude's export: conversations.json, alone or in its ZIP."""

from .entries import ASSISTANT, USER, Draft, Turn
from .values import identity, mapping, moment, name, sequence, string, text, title
from .wording import code_block, file_note, file_text, joined, picture_note

SOURCE = "claude"
NAME = "Claude"
_ROLES = {"human": USER, "user": USER, "assistant": ASSISTANT}
# Tools whose input is the reply, or part of it: the field it is in.
_TOOLS = {"artifacts": "content", "repl": "code", "analysis_tool": "code"}
_PROSE = {"text/markdown", "text/plain", ""}


def recognises(value):
    """Whether this object is a conversation of Claude."""
    return "chat_messages" in value


def read(value):
    """Return the Draft of a conversation."""
    messages = list(map(mapping, sequence(value.get("chat_messages"))))
    model = name(value.get("model"))
    nodes, before = [], None
    is_tree = any(string(m.get("parent_message_uuid")) for m in messages)
    for place, message in enumerate(messages):
        key = identity(message.get("uuid")) or f"#{place}"
        parent = string(message.get("parent_message_uuid")) if is_tree else ""
        nodes.append((key, parent or before, _turn(message, model)))
        before = key
    return Draft(
        source_id=identity(value.get("uuid")),
        title=title(value.get("name")),
        created_at=moment(value.get("created_at")),
        updated_at=moment(value.get("updated_at")),
        nodes=nodes,
        head=string(value.get("current_leaf_message_uuid")) or before,
        is_pinned=value.get("is_starred") is True,
        folder=name(mapping(value.get("project")).get("name")),
    )


def _turn(message, model):
    role = _ROLES.get(string(message.get("sender")))
    if role is None:
        return None
    blocks = list(map(mapping, sequence(message.get("content"))))
    words = joined(_said(block) for block in blocks)
    # Beside calls of tools, that field says only that they cannot be shown.
    if not words and not any(block.get("type") == "tool_use" for block in blocks):
        words = text(message.get("text"))
    words = joined([words, *_files(message)])
    reasoning = joined(_thought(block) for block in blocks)
    if not words and not reasoning:
        return None
    return Turn(
        "",
        None,
        role,
        words,
        reasoning=reasoning,
        model=model if role == ASSISTANT else "",
        created_at=moment(message.get("created_at")),
    )


def _said(block):
    kind = block.get("type")
    if kind in ("text", "voice_note"):
        return text(block.get("text"))
    if kind == "image":
        return picture_note()
    if kind == "tool_use":
        return _written(string(block.get("name")), mapping(block.get("input")))
    return ""


def _written(tool, given):
    """Return the document or the code that a tool was given; "" of other tools."""
    content = string(given.get(_TOOLS.get(tool, "")))
    if tool != "artifacts":
        return code_block(content, "js")
    content = content or string(given.get("new_str"))
    kind = string(given.get("type"))
    if kind in _PROSE and not given.get("language"):
        return joined([title(given.get("title")), text(content)])
    language = given.get("language") or kind.rpartition("/")[2].rpartition(".")[2]
    return joined([title(given.get("title")), code_block(content, language)])


def _thought(block):
    return text(block.get("thinking")) if block.get("type") == "thinking" else ""


def _files(message):
    """Yield the text of each file that was attached, or a note where it has none."""
    told = set()
    for file in map(mapping, sequence(message.get("attachments"))):
        told.add(string(file.get("file_name")))
        content = file.get("extracted_content")
        yield file_text(file.get("file_name"), content) or file_note(
            file.get("file_name")
        )
    for file in map(mapping, sequence(message.get("files"))):
        if string(file.get("file_name")) not in told:
            yield file_note(file.get("file_name"))
