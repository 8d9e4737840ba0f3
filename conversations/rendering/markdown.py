"""The Markdown parser, behind one function that gives top-level blocks of HTML."""

import re
from functools import cache

from .source import mask, unmask

_BLOCK_EDGE = re.compile(
    r"<(/?)(?:p|h[1-6]|ul|ol|blockquote|table|pre|div|section)(?: [^>]*)?>|<hr />\n"
)


def to_html(text: str, *, line_breaks: bool = False) -> str:
    """Return the parser's own HTML of clean `text`: escaped, but with images and marks
    of no use to us. `line_breaks` keeps every line end of a paragraph."""
    return unmask(_parser(line_breaks)(mask(text)))


def to_blocks(text: str, *, line_breaks: bool = False) -> list[str]:
    """Return `to_html` cut into its top-level blocks, each with its line end."""
    html = to_html(text, line_breaks=line_breaks)
    blocks, depth, start = [], 0, 0
    for edge in _BLOCK_EDGE.finditer(html):
        if edge[1] is None:  # <hr />
            closed = depth == 0
        elif edge[1]:
            depth -= 1
            closed = depth == 0
        else:
            depth += 1
            closed = False
        if closed:
            end = edge.end() if edge[1] is None else edge.end() + 1
            blocks.append(html[start:end])
            start = end
    if start < len(html):
        blocks.append(html[start:])
    return blocks


@cache
def _parser(line_breaks: bool):
    import comrak

    extensions = comrak.ExtensionOptions()
    extensions.table = True
    extensions.strikethrough = True
    extensions.autolink = True
    extensions.tasklist = True
    extensions.footnotes = True
    extensions.alerts = True
    extensions.math_dollars = True
    extensions.math_latex = True
    extensions.cjk_friendly_emphasis = True
    rendering = comrak.RenderOptions()
    rendering.escape = True
    rendering.ignore_empty_links = True
    rendering.hardbreaks = line_breaks
    options = extensions, comrak.ParseOptions(), rendering
    return lambda text: comrak.render_markdown(text, *options)
