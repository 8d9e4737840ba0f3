"""The text before the parser sees it: cleaned, masked and weighed.

Everything here looks at most to the next blank line, so that a reply cut at blank lines
gives the same HTML as the whole of it.
"""

import re

# Characters that no text may hold (Unicode noncharacters), free for marks of our own:
# `clean` takes them out of what people and models write, so nobody can forge one.
TAG_MARK = "\ufdd0"  # after a "<" that would begin raw HTML
DOLLAR = "\ufdd1"  # a "$" that is money
NEWLINE = "\ufdd2"  # a line end within a displayed formula
TILDE = "\ufdd3"  # a single "~", which means "about", not "struck out"
SENTINEL = "\ufdd4"  # the paragraph that tells whether a stretch is closed

# A text heavier than this is shown as it is. Its weight is its characters, plus what
# small sources of much HTML or much work cost (all measured).
WEIGHT_LIMIT = 200_000
_CELL_WEIGHT = 10
_MARK_WEIGHTS = {"\\(": 20, "\\[": 20, "[^": 50, "```": 20, "~~~": 20}

_UNCLEAN = re.compile("[\0\ud800-\udfff\ufdd0-\ufdef]")
_AUTOLINK = r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>"
_TAG = re.compile(rf"<(?=[A-Za-z/!?])(?!{_AUTOLINK})", re.ASCII)
_LINE = r"[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?"
# Patterns begin with the character they look for where they can: it is found much
# faster than the start of a line.
_ABOUT = re.compile(r"~(?<![~\\]~)(?!~)")
_DOLLARS = re.compile(
    r"[\\$](?:"
    r"(?<=\\).?"  # an escape: not ours
    r"|\$[^$\n]+\$\$"
    r"|(?<![A-Za-z0-9$]\$)(?![\s$])(?P<inline>(?:\\.|[^$\\\n])+)(?<!\s)\$(?![A-Za-z0-9$])"
    r"|(?P<money>))"
)
_DOLLAR_LINES = re.compile(
    rf"^{_LINE}\$\$(?:[^$\n]|\n(?![ \t]*\n))+\$\$[ \t]*$", re.MULTILINE
)
_BRACKET_LINES = re.compile(
    rf"^{_LINE}\\\[(?:[^\\\n]|\\[^\[\]\n]|\\(?=\n)|\n(?![ \t]*\n))*\\\][ \t]*$",
    re.MULTILINE,
)
_AMOUNT = re.compile(r"\d[\d.,]*\s[^\\^_=]*[A-Za-z]{2}")
_ENCODED_MARKS = [
    ("%EF%B7%90", ""),
    ("%EF%B7%91", "$"),
    ("%EF%B7%92", "%0A"),
    ("%EF%B7%93", "~"),
]
_DELIMITER_ROW = re.compile(r"\n[ \t>]*[-|: \t]*\|[-|: \t]*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_MARKER = r"(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])"
_TOO_DEEP = re.compile(rf"\n(?=[-+*>.)\d \t]{{26}})[ \t]*(?:{_MARKER}[ \t]*){{26}}")


def clean(text: str) -> str:
    """Return `text` in whole characters, with "\\n" for every line end.

    NUL, lone surrogates and noncharacters become U+FFFD; surrogate pairs are joined.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and "\0" not in text:
        return text
    if not _UNCLEAN.search(text):
        return text
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNCLEAN.sub("\ufffd", text)


def mask(text: str) -> str:
    """Mark in clean `text` what the parser would take for something else.

    Raw HTML stays text, "R$ 12" and "10~20" stay amounts, and a displayed formula is
    one line, so that "+ b" in it begins no list. Every mark is as wide as one character
    and `unmask` takes it back wherever it ended up: in words, in code or in an address.
    """
    if "<" in text:
        text = _TAG.sub("<" + TAG_MARK, text)
    if "~" in text:
        text = _ABOUT.sub(TILDE, text)
    if "\\[" in text:
        text = _BRACKET_LINES.sub(_join_lines, text)
    if "$" in text:
        if "$$" in text:
            text = _DOLLAR_LINES.sub(_join_lines, text)
        text = _DOLLARS.sub(_mask_dollars, text)
    return text


def unmask(html: str) -> str:
    """Return `html`, made from masked text, with the marks taken back."""
    if html.isascii() and "%EF%B7%9" not in html:
        return html
    html = html.replace(TAG_MARK, "").replace(DOLLAR, "$")
    html = html.replace(NEWLINE, "\n").replace(TILDE, "~")
    if "%EF%B7%9" in html:
        for encoded, character in _ENCODED_MARKS:
            html = html.replace(encoded, character)
    return html


def weigh(text: str) -> int:
    """Return what rendering clean `text` costs, to hold against WEIGHT_LIMIT.

    The weights of two texts with a blank line between them add up.
    """
    weight = len(text)
    for mark, mark_weight in _MARK_WEIGHTS.items():
        if mark in text:
            weight += mark_weight * text.count(mark)
    if "|" in text and "-" in text:
        weight += _CELL_WEIGHT * _count_cells(text)
    if _TOO_DEEP.search("\n" + text):
        weight += WEIGHT_LIMIT
    return weight


def _mask_dollars(match: re.Match) -> str:
    if match["money"] is not None:
        return DOLLAR
    if match["inline"] and _AMOUNT.match(match["inline"]):
        return match[0].replace("$", DOLLAR)
    return match[0]


def _join_lines(match: re.Match) -> str:
    """Make one line of a formula, unless a fence says that it is code after all."""
    formula = match[0]
    if "```" in formula or "~~~" in formula:
        return formula
    return formula.replace("\n", NEWLINE)


def _count_cells(text: str) -> int:
    """Return the most cells that tables in `text` can have.

    The parser fills short rows up to the width of the table: 2,000 columns and 2,000
    short rows made 40 MB of 12 KB.
    """
    cells = 0
    for block in _BLANK_LINES.split(text):
        widths = [
            row[0].count("|") + 1
            for row in _DELIMITER_ROW.finditer(block)
            if "-" in row[0]
        ]
        if widths:
            cells += max(widths) * (block.count("\n") + 1)
    return cells
