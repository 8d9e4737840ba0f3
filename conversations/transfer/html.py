"""A conversation as a page that needs nothing else: its styles inside, no scripts."""

import base64
import hashlib
from functools import cache

from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from . import words

# The site's own sheets, without its frame.
SHEETS = (
    "tokens",
    "base",
    "message",
    "prose",
    "code",
    "code-block",
    "avatar",
    "export",
)
# Where the messages go; as no text of anybody can look, for theirs is escaped.
_HERE = "<!-- messages -->"


def write(extract):
    """Yield the page, message by message, with its styles in it."""
    return write_page(extract)


def write_page(extract, *, stylesheet="", index=""):
    """Yield the page. `stylesheet` and `index` are relative addresses, "" for none."""
    conversation = extract.conversation
    page = get_template("conversations/export_page.html").render(
        {
            "conversation": conversation,
            "facts": words.facts(conversation),
            "stylesheet": stylesheet,
            "index": index,
            "here": mark_safe(_HERE),
            **policy(stylesheet),
        }
    )
    before, _, after = page.partition(_HERE)
    yield before
    yield from write_messages(extract)
    yield after


def write_messages(extract):
    """Yield the messages alone, each a piece of HTML."""
    template = get_template("conversations/export_message.html")
    for message in extract.as_read(with_html=True):
        yield template.render(
            {
                "message": message,
                "author": words.author(message),
                "moment": words.moment(message.created_at),
                "version": words.version(message),
                "note": words.note(message),
            }
        )


def policy(stylesheet):
    """Return what a page may load: its own styles, and nothing from anywhere."""
    if stylesheet:  # in a folder of files, which are nobody's "self"
        return {"style": "", "sources": mark_safe("'self' file:")}
    style = sheet()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return {"style": mark_safe(style), "sources": mark_safe(f"'sha256-{digest}'")}


@cache
def sheet():
    """Return all the styles of an exported page as one sheet."""
    found = [finders.find(f"css/{name}.css") for name in SHEETS]
    text = "\n".join(_read(path) for path in found)
    assert "</" not in text, "A style must not end its element"
    return text


def _read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
