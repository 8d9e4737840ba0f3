"""Text that wants to be markup, and text that wants to be expensive."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.rendering import GrowingRender, plain_text, render
from conversations.rendering.whole import finished_html
from tests.parsed_html import ParsedHTML

ALLOWED_TAGS = """
p h3 h4 h5 h6 ul ol li pre code code-block span em strong del a br hr blockquote table
thead tbody tr th td input label sup section div math mrow mi mo mn ms msup msub msubsup
mfrac msqrt mroot mtext mspace mtable mtr mtd munder mover munderover mstyle mpadded
mphantom menclose mmultiscripts mprescripts merror none b i u s
"""
ALLOWED_ATTRIBUTES = """
href title class id align start type checked disabled dir lang tabindex rel target
display alttext
lspace rspace width height depth voffset mathvariant mathcolor mathbackground notation
stretchy fence separator form largeop movablelimits accent accentunder symmetric minsize
maxsize scriptlevel displaystyle linethickness columnalign rowspacing aria-label
data-language data-footnotes data-footnote-ref data-footnote-backref
data-footnote-backref-idx
"""
TAGS, ATTRIBUTES = set(ALLOWED_TAGS.split()), set(ALLOWED_ATTRIBUTES.split())
ADDRESS = re.compile(r"(?:https?:|mailto:)|[^:]*(?:[/?#]|$)", re.IGNORECASE)
PIECES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "[a](javascript:alert(1))",
    "[a]( \x01javascript:alert(1))",
    "[a](java\nscript:x)",
    "[a](java\ufdd0script:x)",
    "[a](java%EF%B7%90script:x)",
    "[a](java%EF%B7%90script%3Ax)",
    '[a](x "y\\" onclick=z")',
    "[a](vbscript&colon;x)",
    "![a](data:text/html,x)",
    '![a" onerror="x](y" z="w)',
    "![<b>](<javascript:x>)",
    '<a href="javascript:x">',
    "`</code><script>`",
    '```js"onload=x\n</code></pre><script>\n```',
    "```<b>\nx\n```",
    "```python\n</span><script>x = '<b>'\n",
    "$</span><script>alert(1)</script>$",
    "$\\text{<img src=x onerror=1>}$",
    "\\(\\href{javascript:1}{x}\\)",
    '$$\\color{"><script>}{x}$$',
    "$\\class{x}{y}$",
    "$\\style{position:fixed}{x}$",
    '$$\\begin{align}a\\label{x"><b>}\\end{align}\\eqref{x}$$',
    "$$\\begin{align}a\\label{messages}\\end{align}$$",
    "[x]: javascript:alert(1)\n\n[x]",
    "[^<b>]\n\n[^<b>]: x",
    '[^"onx=1]\n\n[^"onx=1]: x',
    "<javascript:alert(1)>",
    "<!--><script>-->",
    "| <b> | `|` |\n|--|--|\n| <script> | x |",
    "> [!NOTE] <b>x",
    "\\<script>",
    "&lt;script&gt;",
    "&#x3c;script&#x3e;",
    'www.a.b"onclick=1',
    'https://a.b/"><script>',
    'a@b.c"onx=1',
    "- [x] <b>",
    "# <h> {#id onclick=1}",
    "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4",
    *"*_`\n <>\"'&$\\[]()!~|中😀\0\ud800",
    "**",
    "\n\n",
]


def breaches(html):
    """Return what in `html` is not on the list."""
    found = []
    for tag, attributes in ParsedHTML(html).tags:
        found += [tag] if tag not in TAGS else []
        found += [(tag, name) for name in attributes if name not in ATTRIBUTES]
        if not ADDRESS.match(attributes.get("href", "")):
            found.append((tag, attributes["href"]))
        if attributes.get("id", "m-fn").removeprefix("m-")[:2] != "fn":
            found.append((tag, attributes["id"]))
    return found


@settings(max_examples=800)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join))
def test_hostile_text_never_leaves_the_list(text):
    """Streamed HTML is not sanitised again, so it must not need to be."""
    assert breaches(finished_html(text, prefix="m-")) == []
    assert breaches(render(text, prefix="m-")) == []
    growing = GrowingRender(prefix="m-", text=text[: len(text) // 2])
    growing.flush()
    assert breaches("".join(growing.segments)) == []


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_is_rendered(text):
    assert breaches(render(text)) == []
    assert isinstance(plain_text(text), str)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "a\ufdd0b"])
def test_what_is_no_character_is_replaced(text):
    assert render(text) == '<p dir="auto">a\ufffdb</p>\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "a\n" * 2_000, id="table"
        ),
        pytest.param("\\(" * 40_000, id="brackets"),
        pytest.param(">" * 26 + " deep", id="quotations"),
        pytest.param("1. - " * 13 + "deep", id="lists"),
        pytest.param("[^a]: b\n\n" + "[^a]" * 20_000, id="footnotes"),
        pytest.param("```\nx\n```\n" * 9_000, id="fences"),
        pytest.param("word " * 50_000, id="long"),
        pytest.param("x" * 1_000_000, id="one word"),
        pytest.param("$x''''''''''''''$ " * 9_000, id="primes"),
    ],
)
def test_what_costs_too_much_is_shown_as_typed(text):
    page = ParsedHTML(render(text))
    assert {tag for tag, _ in page.tags} == {"pre"}
    assert page.find("pre")[0] == {"class": "prose__plain", "dir": "auto"}
    # Blocks end with a line of their own that nobody typed.
    assert page.words.replace(" ", "") == "".join(text.split())


def test_plain_text_is_escaped_and_cut_after_lines():
    text = "<b>&\n" * 60_000
    html = render(text)
    assert "<b>" not in html
    blocks = re.findall(r"<pre[^>]*>(.*?)</pre>\n", html, re.DOTALL)
    assert len(blocks) > 10
    assert all(block.endswith("&amp;\n") for block in blocks)


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 1_000,
        "> a\n" * 1_000,
        "- a\n" * 3_000,
    ],
)
def test_long_but_ordinary_text_is_rendered(text):
    assert "prose__plain" not in render(text)


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "*a **b " * 9_000, "`a``" * 20_000, "<a" * 30_000, "![a](b" * 9_000],
)
def test_unfinished_marks_are_text(text):
    assert plain_text(text) == " ".join(text.split())
