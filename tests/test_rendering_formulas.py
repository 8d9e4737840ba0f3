"""Formulas become MathML, and amounts of money do not."""

import pytest

from conversations.rendering import render
from tests.parsed_html import parsed


def formulas(markdown):
    return len(parsed(markdown).find("math"))


@pytest.mark.parametrize(
    "source",
    [
        "$x^2$",
        "设$x$为",
        "함수 $f(x)$는",
        r"\(x\)",
        r"\[x\]",
        "$$x$$",
        "$5$",
        "($a$)",
        "$x$.",
    ],
)
def test_formulas_are_mathml(source):
    assert formulas(source) == 1


@pytest.mark.parametrize(
    "source",
    [
        "R$ 12 ou R$ 15",
        "R$12 ou R$15",
        "costs $5 and $10",
        "from $5 to 10$",
        "US$5 and A$6",
        "$20,000 and $30,000.",
        "$1 million in revenue, 2$",
        r"\$x\$",
        "`$x$`",
        "$HOME/$PATH",
        "5$ 6$",
        "$ x $",
    ],
)
def test_amounts_are_not_formulas(source):
    page = parsed(source)
    assert not page.find("math")
    assert page.words == source.replace("\\", "").replace("`", "")


def test_a_formula_keeps_its_source_for_who_quotes_it_or_has_it_read():
    page = parsed(r'It is $a<b \text{ "so" }$.')
    assert page.find("math") == [{"alttext": r'a<b \text{ "so" }'}]


def test_an_amount_beside_a_formula_does_not_take_its_mark():
    assert formulas("It costs $5 (for $n$ of them), not R$ 6.") == 1


@pytest.mark.parametrize(("opening", "closing"), [("$$", "$$"), (r"\[", r"\]")])
def test_a_displayed_formula_has_lines_that_look_like_lists(opening, closing):
    lines = f"{opening}\na \\\\[4pt]\n= b\n+ c\n- d\n> e\n# f\n{closing}"
    page = parsed(f"So:\n\n{lines}\n\n1. {lines}\n".replace("#", r"\#"))
    source = "a \\\\[4pt]\n= b\n+ c\n- d\n> e\n\\# f"
    assert page.find("math") == [{"display": "block", "alttext": source}] * 2
    assert {tag for tag, _ in page.tags}.isdisjoint({"ul", "h3", "blockquote"})
    scroll = {"class": "prose__formula", "tabindex": "0"}
    assert page.find("span") == [scroll, scroll]


@pytest.mark.parametrize(
    "formula",
    [
        r"\nosuchcommand{x}",
        r"{x",
        r"\href{javascript:x}{y}",
        r"\newcommand{\f}{\f\f}\f",
        "{" * 26 + "x" + "}" * 26,
        r"\left(" * 26 + "x" + r"\right)" * 26,
        r"\hat" * 101 + " x",
        r"\frac+" * 200 + " x",
        "x" * 2_001,
    ],
)
def test_a_formula_that_would_fail_shows_its_source(formula):
    page = parsed(f"$${formula}$$")
    assert page.find("code") == [{"class": "prose__source", "dir": "ltr"}]
    assert page.words == formula


def test_formulas_need_no_inline_styles_and_take_no_ids():
    html = render(
        r"$$\color{red}{x}\begin{align}a&=b\label{composer-text}\end{align}"
        r"\begin{array}{l|r}a&b\\\hline c&d\end{array}\hspace{-1em}$$"
    )
    assert 'mathcolor="#FF0000"' in html
    assert "math-line-after" in html
    assert ' style="' not in html
    assert ' id="' not in html
