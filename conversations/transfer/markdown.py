"""A conversation as Markdown: each message under a heading, its text as it stands."""

import re

from django.utils.translation import gettext as _

from . import words

_MARKS = re.compile(r"([\\`*_\[\]<>#|~!&$])")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def write(extract):
    """Yield the Markdown, message by message."""
    conversation = extract.conversation
    yield f"# {_escaped(conversation.title)}\n\n{_escaped(words.facts(conversation))}\n"
    for message in extract.as_read():
        yield f"\n## {_escaped(words.heading(message))}\n"
        if message.reasoning:
            yield f"\n{_quoted(message.reasoning)}\n"
        if message.text:
            yield f"\n{closed(message.text)}\n"
        if note := words.note(message):
            yield f"\n*{_escaped(note)}*\n"


def closed(text):
    """Return `text` with its last code block closed, so that it ends with its text."""
    open_fence = ""
    for line in text.splitlines():
        match = _FENCE.match(line)
        if not match:
            continue
        fence, rest = match.groups()
        if not open_fence:
            if not (fence[0] == "`" and "`" in rest):
                open_fence = fence
        elif fence.startswith(open_fence) and not rest.strip():
            open_fence = ""
    return f"{text}\n{open_fence}" if open_fence else text


def _quoted(reasoning):
    lines = [f"**{_('Thoughts')}**", "", *closed(reasoning).splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _escaped(text):
    """Return `text` in one line in which no sign is a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
