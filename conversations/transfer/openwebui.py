"""Open WebUI's export: a list of chats, or one."""

import re
from html import unescape

from .entries import ASSISTANT, USER, Draft, Turn
from .values import identity, mapping, moment, name, sequence, string, text, title
from .wording import file_note, joined, picture_note, without_thoughts

SOURCE = "open-webui"
NAME = "Open WebUI"
_ROLES = {"user": USER, "assistant": ASSISTANT}
_DETAILS, _DETAILS_END = '<details type="', "</details>"
_SUMMARY = re.compile(r"\s*<summary>[^<]{0,500}</summary>\s*")
_DURATION = re.compile(r' duration="(\d{1,6})"')
_QUOTED = re.compile(r"^&gt; ?|^> ?", re.MULTILINE)


def recognises(value):
    """Whether this object is a chat of Open WebUI."""
    chat = mapping(value.get("chat")) or value
    return "history" in chat or ("chat" in value and "messages" in chat)


def read(value):
    """Return the Draft of a chat."""
    chat = mapping(value.get("chat")) or value
    history = mapping(chat.get("history"))
    nodes = _tree(mapping(history.get("messages"))) or _list(
        sequence(chat.get("messages"))
    )
    return Draft(
        source_id=identity(value.get("id")) or identity(chat.get("id")),
        title=title(value.get("title")) or title(chat.get("title")),
        created_at=moment(value.get("created_at")) or moment(chat.get("timestamp")),
        updated_at=moment(value.get("updated_at")),
        nodes=nodes,
        head=string(history.get("currentId")) or None,
        is_archived=value.get("archived") is True,
        is_pinned=value.get("pinned") is True,
    )


def _tree(messages):
    return [
        (key, string(message.get("parentId")) or None, _turn(message))
        for key, message in ((k, mapping(m)) for k, m in messages.items())
    ]


def _list(messages):
    nodes, before = [], None
    for place, message in enumerate(map(mapping, messages)):
        key = identity(message.get("id")) or f"#{place}"
        nodes.append((key, string(message.get("parentId")) or before, _turn(message)))
        before = key
    return nodes


def _turn(message):
    role = _ROLES.get(string(message.get("role")))
    if role is None:
        return None
    words, reasoning, seconds = _content(message.get("content"))
    words = joined([words, *_files(message)])
    if not words and not reasoning:
        return None
    return Turn(
        "",
        None,
        role,
        words,
        reasoning=reasoning,
        reasoning_seconds=seconds,
        model=name(message.get("model")) if role == ASSISTANT else "",
        created_at=moment(message.get("timestamp")),
    )


def _content(content):
    """Return the words, the thoughts, and for how many seconds they were thought."""
    if isinstance(content, list):
        content = joined(map(_part, content))
    words, thoughts, seconds = _without_details(string(content))
    words, more = without_thoughts(words)
    return words, joined([thoughts, more]), seconds


def _part(part):
    part = mapping(part)
    if part.get("type") == "image_url":
        return picture_note()
    return text(part.get("text"))


def _without_details(words):
    """Take out what the page folds away: thoughts are kept, calls of tools are not."""
    said, thoughts, seconds, at = [], [], None, 0
    while (start := words.find(_DETAILS, at)) >= 0:
        end = words.find(_DETAILS_END, start)
        if end < 0:
            break
        said.append(words[at:start])
        opening, _, inside = words[start:end].partition(">")
        if opening.startswith(f'{_DETAILS}reasoning"'):
            inside = _SUMMARY.sub("", inside, count=1)
            thoughts.append(text(unescape(_QUOTED.sub("", inside))))
            if told := _DURATION.search(opening):
                seconds = (seconds or 0) + float(told[1])
        at = end + len(_DETAILS_END)
    said.append(words[at:])
    return joined(map(text, said)), joined(thoughts), seconds or None


def _files(message):
    for file in map(mapping, sequence(message.get("files"))):
        if file.get("type") == "image":
            yield picture_note()
        else:
            yield file_note(file.get("name"))
