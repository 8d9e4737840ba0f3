"""A piece of a long Markdown text that reads as it does in the whole of it.

Nothing here looks further than it must: a text may have a million characters.
"""

import re

_FENCE = re.compile(r"(`{3,}|~{3,})([^\n]*)")
_BEFORE_FENCE = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]{1,200}\]:.*$", re.MULTILINE)
_ROW = re.compile(r" {0,3}\|[^\n]{1,2000}")
_FAR = 6_000
_MOST_DEFINITIONS = 50


def place_around(text: str, at: int, *, before: int, after: int) -> tuple[int, int]:
    """Return from where to where to cut out what stands around the place `at`.

    That is at blank lines, so many characters before and after it or more. Where there
    are none for long, it is between two lines or, without any, between two words.
    """
    begin, end = max(0, at - before), min(len(text), at + after)
    return _break_before(text, begin), _break_after(text, end)


def piece_of(text: str, first: int, last: int) -> str:
    """Return the Markdown between these places, so that it reads as it does in `text`.

    With it is what it needs from elsewhere: links and footnotes that are defined there,
    and the beginning of the code or of the table in which it begins.
    """
    mark = _fence_at(text, first)
    opening = f"{mark}\n" if mark else _table_at(text, first)
    return _definitions(text, first, last) + opening + text[first:last]


def _break_before(text, begin):
    """Return where a block begins; what is indented belongs to one before it."""
    low = max(0, begin - _FAR)
    place = begin
    while (place := text.rfind("\n\n", low, place)) >= 0:
        if not text[place + 2 : place + 3].isspace():
            return place + 2
    ends = (text.find(between, low, begin) for between in "\n ")
    return low and next((end + 1 for end in ends if end >= 0), begin)


def _break_after(text, end):
    high = end + _FAR
    place = text.find("\n\n", end, high)
    if place >= 0 or high >= len(text):
        return place if place >= 0 else len(text)
    space = text.find(" ", end, high)
    return space if space >= 0 else end


def _fence_at(text, place):
    """Return what began the code in which that place is; "" outside of all."""
    opened = ""
    for match in _FENCE.finditer(text, 0, place):
        mark, rest = match.groups()
        line = text.rfind("\n", 0, match.start()) + 1
        if not _BEFORE_FENCE.fullmatch(text, line, match.start()):
            continue
        if not opened:
            opened = mark if mark[0] == "~" or "`" not in rest else ""
        elif mark.startswith(opened) and not rest.strip():
            opened = ""
    return opened


def _table_at(text, place):
    """Return an empty head for the row of a table that begins there; "" for no row."""
    row = _ROW.match(text, place)
    if row is None or text[place - 1 : place] != "\n" or text[place - 2] == "\n":
        return ""
    cells = row[0].count("|")
    return f"{'|' * (cells + 1)}\n|{'-|' * cells}\n"


def _definitions(text, first, last):
    """Return the links and footnotes that are defined outside of that piece."""
    if "]:" not in text:
        return ""
    found = [
        match[0]
        for match in _DEFINITION.finditer(text)
        if not first <= match.start() < last
    ]
    return "".join(f"{line}\n\n" for line in found[:_MOST_DEFINITIONS])
