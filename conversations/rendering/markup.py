"""The parser's HTML finished for the page: directions, headings, links, tables, tasks.

Text and attributes arrive escaped, so "<p>" in this HTML is always a tag.
"""

import re
from html import unescape

from .code import finish_code
from .formulas import finish_formulas

# Text finds its own direction. A paragraph that opens an item or a quotation has none
# and takes the item's, which would not count text that has a direction of its own.
_DIRECTIONS = [
    ("<p>", '<p dir="auto">'),
    ('<p class="', '<p dir="auto" class="'),
    ("<li>", '<li dir="auto">'),
    ('<li id="', '<li dir="auto" id="'),
    ("<blockquote>", '<blockquote dir="auto">'),
    ("<td", '<td dir="auto"'),
    ("<th>", '<th dir="auto">'),
    ("<th ", '<th dir="auto" '),
]
_FIRST_PARAGRAPH = re.compile(r'(<(?:li|blockquote) dir="auto"[^>]*>\n<p) dir="auto"')
# Lines of Korean break between its words only, whatever the language of the page.
_HANGUL, _LATIN, _TAG = map(re.compile, ("[가-힣]", "[A-Za-z]", "<[^>]*>"))
_DIRECTED = re.compile(r'(<\w+) dir="auto"')
_HEADING = re.compile(r"<h([1-6])>(.*?)</h[1-6]>", re.DOTALL)
_FIRST_HEADING, _LAST_HEADING = 3, 6  # the page has its own first two levels
_LINK_OR_IMAGE = re.compile(
    r'<a href="(?P<href>[^"]*)"(?P<rest>[^>]*)>'
    r'|<img src="(?P<src>[^"]*)" alt="(?P<alt>[^"]*)"(?P<title>[^>]*?) />'
    r"|(?P<end></a>)"
)
_EMPTY_LINK = re.compile(r"<a(?: [^>]*)?>\s*</a>")
_SCHEME = re.compile(r"([^/?#]*):")
_SCHEMES = {"http", "https", "mailto"}
_ELSEWHERE = ' rel="noopener noreferrer nofollow" target="_blank"'
_EMPTY_HEADER = re.compile(r"<th([^>]*)></th>")
_TASK = re.compile(
    r'<input type="checkbox"( checked="")? disabled="" /> '
    r"(?:\n<p>(?P<paragraph>.*?)</p>"
    r"|(?P<words>.*?)(?=</li>|\n<(?:p|ul|ol|pre|blockquote|table|div|h[1-6]|hr)[ >]))",
    re.DOTALL,
)


def finish(
    block: str, outline: list[int], *, prefix: str = "", is_open: bool = False
) -> str:
    """Return the parser's `block` as the page shows it.

    `outline` holds the levels of the headings so far and takes on those of `block`.
    `is_open` says that the code at the end of `block` is still being written.
    """
    if block.startswith("<pre>"):
        return finish_code(block, is_open=is_open)
    if "<input" in block:
        block = _TASK.sub(_finish_task, block)
    if "<h" in block:
        block = _HEADING.sub(lambda match: _finish_heading(match, outline), block)
    if "<a " in block or "<img" in block:
        block = _finish_links(block)
    if "footnote" in block:
        block = _finish_footnotes(block, prefix)
    if "<table>" in block:
        block = _finish_tables(block)
    block = _finish_directions(block)
    if "data-math-style" in block:
        block = finish_formulas(block)
    if "<pre>" in block:
        block = finish_code(block, is_open=is_open)
    return block


def _finish_directions(block: str) -> str:
    for tag, directed in _DIRECTIONS:
        if tag in block:
            block = block.replace(tag, directed)
    if "<li" in block or "<blockquote" in block:
        block = _FIRST_PARAGRAPH.sub(r"\1", block)
    if 'dir="auto"' in block and _is_korean(block):
        block = _DIRECTED.sub(r'\1 lang="ko" dir="auto"', block)
    return block


def _is_korean(block: str) -> bool:
    """Whether most of its letters are; a name in an English sentence makes none of it.

    A screen reader reads it as what it says it is. A syllable weighs two letters.
    """
    signs = len(_HANGUL.findall(block))
    return signs > 0 and 2 * signs > len(_LATIN.findall(_TAG.sub("", block)))


def _finish_heading(match: re.Match, outline: list[int]) -> str:
    """Nest headings without gaps, whichever levels a model picked."""
    level, words = int(match[1]), match[2]
    if not words:
        return ""
    while outline and outline[-1] >= level:
        outline.pop()
    outline.append(level)
    level = min(_FIRST_HEADING + len(outline) - 1, _LAST_HEADING)
    return f'<h{level} dir="auto">{words}</h{level}>'


def _finish_links(block: str) -> str:
    """Keep the links that lead to a page or a mailbox; make links of images."""
    inside = False

    def finish_one(match):
        nonlocal inside
        if match["end"]:
            inside = False
            return "</a>"
        if match["href"] is not None:
            inside = True
            return f"<a{_link_attributes(match['href'])}{match['rest']}>"
        words = match["alt"] or match["src"]
        if inside:  # a link cannot hold another
            return words
        return f"<a{_link_attributes(match['src'])}{match['title']}>{words}</a>"

    return _EMPTY_LINK.sub("", _LINK_OR_IMAGE.sub(finish_one, block))


def _link_attributes(href: str) -> str:
    """Return the attributes for an escaped address, none where it may not lead."""
    address = unescape(href)
    scheme = _SCHEME.match(address)
    if not address or (scheme and scheme[1].lower() not in _SCHEMES):
        return ""
    elsewhere = scheme or address.startswith(("//", "/\\", "\\"))
    return f' href="{href}"{_ELSEWHERE if elsewhere else ""}'


def _finish_footnotes(block: str, prefix: str) -> str:
    block = block.replace(' id="fn', f' id="{prefix}fn')
    block = block.replace('href="#fn', f'href="#{prefix}fn')
    return block.replace('aria-label="Back to reference ', 'aria-label="↩ ')


def _finish_tables(block: str) -> str:
    """Let tables scroll in themselves, by keyboard too; name no empty header."""
    block = block.replace("<table>", '<div class="prose__scroll" tabindex="0"><table>')
    block = block.replace("</table>", "</table></div>")
    return _EMPTY_HEADER.sub(r"<td\1></td>", block)


def _finish_task(match: re.Match) -> str:
    """Make the task's words the label of its box."""
    checked = match[1] or ""
    is_paragraph = match["paragraph"] is not None
    words = match["paragraph"] if is_paragraph else match["words"]
    if words.strip():
        box = f'<input type="checkbox"{checked} disabled="">'
        words = f"<label>{box} {words}</label>"
    else:
        words = "☑" if checked else "☐"
    return f"\n<p>{words}</p>" if is_paragraph else words
