"""Formulas: LaTeX to MathML, or its source where that would not do."""

import html
import re
from functools import cache, lru_cache

_LONGEST = 2_000  # characters of one formula
# The converter recurses and a deep formula ends the process, so depth is counted first:
# of groups, and of commands that may be each other's arguments (\hat\hat\hat …).
_DEEPEST_GROUPS = 25
_DEEPEST_COMMANDS = 100

_FORMULA = re.compile(r'<span data-math-style="(inline|display)">([^<]*)</span>')
_DEFINITION = re.compile(
    r"\\(?:new|renew|provide)command|\\[egx]?def(?![a-z])|\\let(?![a-z])|\\Declare"
)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}&]", re.DOTALL)
_OPENING = {"{", r"\left", r"\begin"}
_CLOSING = {"}", r"\right", r"\end"}
_NEXT_CELL = {"&", r"\\"}
_ROW_GAP = re.compile(r"\\\\\[-?[\d.]+ ?[a-z]{2}\]")
_ANCHOR = re.compile(r"</?a\b[^>]*>")
_STYLE_OR_ID = re.compile(r' (style|id)="([^"]*)"')
_STYLE_CLASSES = [
    ("text-align: left", "math-start"),
    ("text-align: right", "math-end"),
    ("width: 100%", "math-wide"),
    ("width: 50%", "math-fill"),
    ("border-top", "math-line-above"),
    ("border-right", "math-line-after"),
    ("border-left", "math-line-before"),
    ("padding-left: 0;", "math-close-before"),
    ("padding-right: 0;", "math-close-after"),
    ("padding-left:1em", "math-apart"),
]


def finish_formulas(html_block: str) -> str:
    """Put MathML in the place of each formula of `html_block`."""
    return _FORMULA.sub(_finish_formula, html_block)


def _finish_formula(match: re.Match) -> str:
    display = match[1] == "display"
    mathml = to_mathml(match[2], display)
    if mathml is None:
        return f'<code class="prose__source" dir="ltr">{match[2].strip()}</code>'
    if display:
        return f'<span class="prose__formula" tabindex="0">{mathml}</span>'
    return mathml


@lru_cache(maxsize=4096)
def to_mathml(escaped: str, display: bool) -> str | None:
    """Return the MathML of a formula; None when it is to be shown as its source."""
    latex = html.unescape(escaped)
    if len(latex) > _LONGEST or _DEFINITION.search(latex) or _is_too_deep(latex):
        return None
    supported = _ROW_GAP.sub(r"\\\\", latex).replace("{split}", "{aligned}")
    convert, error = _converter()
    try:
        mathml = convert(supported, displaystyle=display)
    except error:
        return None
    mathml = _STYLE_OR_ID.sub(_without_style, _ANCHOR.sub("", mathml))
    # Whoever quotes a formula, or has it read, needs more than its bare signs.
    source = html.escape(latex.strip())
    return mathml.replace("<math", f'<math alttext="{source}"', 1)


@cache
def _converter():
    """Return what converts, and what it raises."""
    import math_core

    converter = math_core.LatexToMathML(fancy_error=False, max_expansions=100)
    return converter.convert_with_local_state, math_core.LatexError


def _is_too_deep(latex: str) -> bool:
    """Tell whether groups or chained commands nest deeper than is safe to convert."""
    outer = []  # for each open group, the commands before it in its own group
    chained = 0
    for token in _TOKEN.findall(latex):
        if token in _OPENING:
            outer.append(chained)
            chained = 0
        elif token in _CLOSING:
            # The group may be an argument of the chain, which then goes on.
            chained = outer.pop() if outer else 0
        elif token in _NEXT_CELL:
            chained = 0
        elif len(token) > 2:
            chained += 1
        if len(outer) > _DEEPEST_GROUPS or sum(outer) + chained > _DEEPEST_COMMANDS:
            return True
    return False


def _without_style(match: re.Match) -> str:
    """Return attributes in the place of a style, which the site's CSP would refuse.

    Ids go altogether: a label must not take the name of something on the page.
    """
    attribute, value = match.groups()
    if attribute == "id":
        return ""
    if value.startswith("color:"):
        return f' mathcolor="{value[6:].rstrip(";")}"'
    classes = [name for style, name in _STYLE_CLASSES if style in value]
    return f' class="{" ".join(classes)}"' if classes else ""
