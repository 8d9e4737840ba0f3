"""What may leave the renderer, and how text that costs too much is shown instead."""

from functools import cache

from django.utils.html import escape

_PLAIN_CHARACTERS = 8_192  # of one block of plain text, about

_TEXT_TAGS = """
    a blockquote br code code-block del div em h3 h4 h5 h6 hr input label li ol p pre
    section span strong sup table tbody td th thead tr ul
"""
_MATH_TAGS = """
    b i math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom
    mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr
    munder munderover none s u
"""
_MATH_ATTRIBUTES = """
    accent accentunder class columnalign depth displaystyle fence form height
    largeop linethickness lspace mathbackground mathcolor mathvariant maxsize minsize
    movablelimits notation rowspacing rspace scriptlevel separator stretchy symmetric
    voffset width
"""
_ATTRIBUTES = {
    **{tag: set(_MATH_ATTRIBUTES.split()) for tag in _MATH_TAGS.split()},
    "*": {"class", "dir", "lang"},
    "a": {
        "aria-label",
        "data-footnote-backref",
        "data-footnote-backref-idx",
        "data-footnote-ref",
        "href",
        "id",
        "rel",
        "target",
        "title",
    },
    "code-block": {"data-language"},
    "div": {"tabindex"},
    "input": {"checked", "disabled", "type"},
    "li": {"id"},
    "math": {"alttext", "class", "display"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "section": {"data-footnotes"},
    "span": {"tabindex"},
    "td": {"align"},
    "th": {"align"},
}


def sanitise(html: str) -> str:
    """Return `html` with nothing left that is not on the list of what may be shown."""
    return _cleaner().clean(html)


@cache
def _cleaner():
    import nh3

    return nh3.Cleaner(
        tags={*_TEXT_TAGS.split(), *_MATH_TAGS.split()},
        clean_content_tags=set(),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def plain_blocks(text: str) -> list[str]:
    """Return `text` as it was typed, in blocks of about 8,000 characters."""
    blocks, start = [], 0
    while end := plain_cut(text, start):
        blocks.append(plain_block(text[start:end]))
        start = end
    if start < len(text):
        blocks.append(plain_block(text[start:]))
    return blocks


def plain_block(text: str) -> str:
    """Return one block of plain text; the stylesheet wraps its lines."""
    return f'<pre class="prose__plain" dir="auto">{escape(text)}</pre>\n'


def plain_cut(text: str, start: int) -> int:
    """Return where the block of plain text at `start` ends, 0 while it may still grow.

    It ends with a line, or in the middle of one that is too long.
    """
    line_end = text.find("\n", start + _PLAIN_CHARACTERS, start + 2 * _PLAIN_CHARACTERS)
    if line_end >= 0:
        return line_end + 1
    hard_end = start + 2 * _PLAIN_CHARACTERS
    return hard_end if len(text) >= hard_end else 0
