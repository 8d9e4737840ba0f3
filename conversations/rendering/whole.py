"""Whole texts: rendered for storing, or reduced to their words."""

import re
from html import unescape

from django.utils.safestring import SafeString

from .markdown import to_blocks, to_html
from .markup import finish
from .safety import plain_blocks, sanitise
from .source import WEIGHT_LIMIT, clean, weigh

LONGEST_HTML = 2_000_000  # characters; a longer page of HTML is shown as plain text

_NOT_WORDS = re.compile(
    r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-backref".*?</a>',
    re.DOTALL,
)
_IMAGE = re.compile(r'<img src="[^"]*" alt="([^"]*)"[^>]*>')
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a href="([^"#][^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def render(text: str, *, prefix: str = "", line_breaks: bool = False) -> SafeString:
    """Return the Markdown `text` as safe HTML, for storing.

    `prefix` ("message-41-") goes before the ids of footnotes. `line_breaks` keeps every
    line end, as people expect of what they typed. Text that would cost too much comes
    back as it was typed; no text raises.
    """
    if not text:
        return SafeString("")
    html = finished_html(text, prefix=prefix, line_breaks=line_breaks)
    return SafeString(sanitise(html))


def finished_html(text: str, *, prefix: str = "", line_breaks: bool = False) -> str:
    """Return what a reply's segments add up to once it is finished."""
    text = clean(text)
    if weigh(text) > WEIGHT_LIMIT:
        return "".join(plain_blocks(text))
    outline = []
    blocks = to_blocks(text, line_breaks=line_breaks)
    html = "".join(finish(block, outline, prefix=prefix) for block in blocks)
    return html if len(html) <= LONGEST_HTML else "".join(plain_blocks(text))


def plain_text(markdown: str, *, with_addresses: bool = False) -> str:
    """Return the words of `markdown` in one line, without its marks; not escaped.

    For titles, snippets and screen readers. Formulas keep their LaTeX, links their
    addresses in brackets where they are asked for.
    """
    text = clean(markdown)
    if weigh(text) <= WEIGHT_LIMIT:
        html = _NOT_WORDS.sub("", to_html(text))
        if with_addresses:
            html = _LINK.sub(r"\2 (\1)", html)
        text = unescape(_TAG.sub("", _IMAGE.sub(r"\1", html)))
    return " ".join(text.split())
