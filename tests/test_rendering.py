"""What Markdown becomes: the features, and the traps of each."""

import re

import pytest

from conversations.rendering import VERSION, plain_text, render
from conversations.rendering.whole import finished_html
from tests.parsed_html import ParsedHTML, parsed


def formulas(markdown):
    return len(parsed(markdown).find("math"))


def test_the_version_is_a_number():
    assert isinstance(VERSION, int)


def test_stored_html_is_marked_safe():
    assert render("*x*").__html__() == '<p dir="auto"><em>x</em></p>\n'


def test_text_finds_its_own_direction():
    page = parsed("مرحبا\n\n# a\n\n- b\n\n> c\n\n| d |\n|---|\n| e |")
    assert all(
        page.find(tag)[0]["dir"] == "auto"
        for tag in ("p", "h3", "li", "blockquote", "th", "td")
    )


def test_korean_says_what_it_is():
    html = render("`for`는 반복입니다.\n\nA loop.\n\nAsk Kim Minseo (김민서).")
    assert '<p lang="ko" dir="auto"><code>for' in html
    assert '<p dir="auto">A loop' in html
    assert '<p dir="auto">Ask Kim' in html


def test_a_loose_item_takes_its_direction_from_its_words():
    """A paragraph with a direction of its own would not count for the item's."""
    assert '<li dir="auto">\n<p>مرحبا</p>' in render("- مرحبا\n\n- b")
    assert '<blockquote dir="auto">\n<p>مرحبا</p>' in render("> مرحبا")


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ((1, 2, 3), "345"),
        ((3, 3), "33"),
        ((2, 4, 1), "343"),
        ((1, 2, 3, 4, 5), "34566"),
    ],
)
def test_headings_nest_without_gaps_below_those_of_the_page(levels, shown):
    html = render("\n\n".join("#" * level + " words" for level in levels))
    assert "".join(re.findall(r"<h(\d)", html)) == shown


def test_an_empty_heading_is_none():
    assert parsed("# \n\ntext").tags == [("p", {"dir": "auto"})]


def test_a_table_scrolls_in_itself_and_by_keyboard():
    page = parsed("| a | |\n|---|--:|\n| b | 1 |")
    assert page.tags[0] == ("div", {"class": "prose__scroll", "tabindex": "0"})
    assert page.find("th") == [{"dir": "auto"}], "an empty header has no name"
    assert {"dir": "auto", "align": "right"} in page.find("td")


@pytest.mark.parametrize("source", ["- [x] done *now*", "- [x] done *now*\n\n- more"])
def test_the_words_of_a_task_are_the_label_of_its_box(source):
    box = '<input type="checkbox" checked="" disabled="">'
    assert f"<label>{box} done <em>now</em></label>" in render(source)


def test_a_task_may_hold_a_list():
    html = render("- [ ] a\n  - [x] b")
    assert html.count("<label>") == html.count("</label>") == 2


def test_footnotes_of_two_messages_do_not_share_ids():
    page = parsed("a[^1] b[^x y]\n\n[^1]: note", prefix="message-41-")
    links = [link["href"] for link in page.find("a")]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert links == ["#message-41-fn-1", "#message-41-fnref-1"]
    assert sorted(ids) == ["message-41-fn-1", "message-41-fnref-1"]


def test_alerts_strikes_and_links_as_on_github():
    html = render("> [!WARNING]\n> ~~mind~~ www.example.org and a@example.org")
    assert 'class="markdown-alert markdown-alert-warning"' in html
    assert "<del>mind</del>" in html
    assert 'href="http://www.example.org"' in html
    assert 'href="mailto:a@example.org"' in html


@pytest.mark.parametrize(
    "source",
    ["**「重要」**です", "これは**“重要”**だ", "**주의:**한글", "中文**（注意）**文字"],
)
def test_emphasis_needs_no_spaces_in_chinese_japanese_and_korean(source):
    assert "<strong>" in render(source)


def test_raw_html_is_shown_as_typed():
    source = '<div onclick="x">\n</div>\n\n<!-- note -->\n\na <b>b</b> <script>'
    page = parsed(source)
    assert {tag for tag, _ in page.tags} == {"p"}
    assert page.words == " ".join(source.split())


def test_markdown_goes_on_after_raw_html_that_never_ends():
    assert "<strong>b</strong>" in render("<!-- open\n\n**b**")


@pytest.mark.parametrize(
    "source", ["10~20대, 30~40대", "~/.ssh 和 ~/.cache", "3~5天，7~9天"]
)
def test_a_single_tilde_means_about(source):
    page = parsed(source)
    assert not page.find("del")
    assert page.words == source


def test_every_line_end_is_kept_when_asked():
    assert "<br>" not in render("a\nb")
    assert "a<br>\nb" in render("a\nb", line_breaks=True)


# ── links and images ──────────────────────────────────────────────────────────────


def test_links_to_elsewhere_open_apart_and_tell_nothing():
    for address in (
        "https://example.org/x?a=1&b=2",
        "HTTP://EXAMPLE.ORG",
        "//example.org",
    ):
        (link,) = parsed(f"[words]({address})").find("a")
        assert link["rel"] == "noopener noreferrer nofollow"
        assert link["target"] == "_blank"
        assert link["href"] == address


def test_links_within_the_site_stay_in_their_tab():
    for address in ("/c/1/", "#part", "page?x=1"):
        assert parsed(f"[words]({address})").find("a") == [{"href": address}]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x",
        "JaVaScRiPt:x",
        "&#106;avascript:x",
        "data:text/html,x",
        "tel:1",
        "x:y",
    ],
)
def test_other_schemes_lead_nowhere(address):
    assert parsed(f"[words]({address}) ![words]({address})").find("a") == [{}, {}]


def test_images_become_links_and_never_load():
    page = parsed("![a cat](https://x.org/c.png) ![](https://x.org/d.png)")
    assert not page.find("img")
    assert [link["href"] for link in page.find("a")] == [
        "https://x.org/c.png",
        "https://x.org/d.png",
    ]
    assert page.words == "a cat https://x.org/d.png"


def test_an_image_within_a_link_is_its_words():
    page = parsed("[![badge](https://x.org/b.png)](https://x.org)")
    assert [link["href"] for link in page.find("a")] == ["https://x.org"]
    assert page.words == "badge"


def test_no_link_is_without_words():
    assert not parsed("[![](x.png)](y) [](z)").find("img")
    assert "<a></a>" not in render("![](javascript:x)")


# ── code ──────────────────────────────────────────────────────────────────────────


def test_code_has_its_language_and_colours_by_class():
    page = parsed("```Python title=x\ndef f(): pass  # <b>\n```")
    assert page.find("code-block") == [{"data-language": "python", "dir": "ltr"}]
    assert page.find("pre") == [{"tabindex": "0"}]
    assert page.find("code") == [{"class": "language-python"}]
    assert {"class": "k"} in page.find("span")
    assert page.words == "def f(): pass # <b>"


@pytest.mark.parametrize(
    "fence", ["```", "```no-such-language", '```"onload=x', "```<b>"]
)
def test_code_in_no_known_language_is_plain(fence):
    page = parsed(f"{fence}\na < b\n```")
    assert not page.find("span")
    assert page.words == "a < b"


def test_the_marks_of_formulas_and_amounts_stay_in_code():
    code = "echo $HOME ~/x <b>\n$$\na\n$$\n\\[\nb\n\\]\n"
    shown = ParsedHTML(render(f"```\n{code}```\n\nand `$a ~b <c>`"))
    texts = [event[1] for event in shown.events if event[0] == "text"]
    assert code in texts
    assert "$a ~b <c>" in texts


def test_code_that_takes_too_long_to_colour_is_plain():
    prose = ("a b " * 100 + "\n") * 40
    page = parsed(f"```java\n{prose}\n```")
    assert not page.find("span")
    assert page.words == " ".join(prose.split())


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("devicetree", "a" * 501),
        ("python", "x = 1; " * 72),
        ("python", "x = 1" + " " * 101 + "# y"),
        ("python", "x = 1" + "\n" * 101 + "y"),
        ("css+php", "a { b: c }"),
    ],
)
def test_code_whose_colours_nobody_could_stop_is_plain(language, code):
    assert not parsed(f"```{language}\n{code}\n```").find("span")


def test_wide_code_has_colours():
    for code in ("x = 1; " * 71, "x = 1" + " " * 99 + "# y", ">>> x = 1"):
        assert parsed(f"```pycon\n{code}\n```").find("span")


# ── words without marks ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# Title\n\n**bold** and `code`", "Title bold and code"),
        ("- [x] a\n- b\n\n> c", "a b c"),
        ("[words](https://x.org) ![alt](y.png)", "words alt"),
        ("```python\nprint('a < b')\n```", "print('a < b')"),
        ("| a | b |\n|---|---|\n| c | d |", "a b c d"),
        ("note[^1]\n\n[^1]: below", "note below"),
        ("**안녕** 你好 مرحبا 😀", "안녕 你好 مرحبا 😀"),
        ("R$ 12 & <b> \ud800\0", "R$ 12 & <b> \ufffd\ufffd"),
        ("$x^2$", "x^2"),
        ("", ""),
    ],
)
def test_plain_text_is_the_words_in_one_line(source, words):
    assert plain_text(source) == words


def test_sanitising_changes_nothing_a_reader_was_shown():
    source = (
        "# T\n\n- [ ] a *b*\n\n> [!NOTE]\n> x[^1]\n\n"
        "| a | |\n|:-:|---|\n| $x$ | `y` |\n\n"
        "```python\nx = 1\n```\n\n![i](https://x.org)\n\n3. c\n\n***\n\n[^1]: note\n\n"
        r"$$\begin{cases}a&\text{b}\\c&d\end{cases}\boxed{x}\cancel{y}\vec{z}"
        r"\xrightarrow{k}\sum_{i=0}^n\left(\frac12\right)\textbf{w}\pmod n$$"
    )
    streamed, stored = ParsedHTML(finished_html(source)), parsed(source)
    assert stored.find("math")
    assert stored.events == streamed.events
