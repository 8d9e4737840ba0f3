"""A reply while it is being written: patches that add up to the whole."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.rendering import GrowingRender, apply_ops
from conversations.rendering.source import WEIGHT_LIMIT
from conversations.rendering.whole import finished_html

# Lines that open, close, continue or redefine something: every rule about what may be
# committed was found, or is guarded, by some of them meeting.
LINES = """
# h|text|text **b|c** d|```|```py|~~~|    ind|  two|- a|  - b|1. x|2) y|   c|> q|>
| a | b ||---|---|| 1 | 2 ||---|===|***|<div>|</div>|<!--|-->|<pre>|</pre>|<script>|$$
\\[|\\]|$x$|[a]|[a]: /u|[^1]|[^1]: n|    cont|\ttab|- |-|* z|![i](j)|`code|``|\\
😀 中文**“x”**y|- [ ] t|+ p|10. ten|> - q|- > r|- ```|  ```|   ```| ```|1. ```|> ```
&amp;|<b>|[^2]: ```|[b]:|/url| 'title'|[x]: <|- [c]: /v|> [d]: /w|[c] [d]|<?php|?>
<![CDATA[|]]>|<!X|\r|\x0b|\u2028|$$ a|b $$|R$ 5 $x|## two|#### four|a~b~c|\ud83d|\ude00
\0|\ufdd4|x = 1|[ ] |> [!NOTE]|\xa0
"""
FRAGMENTS = [line for row in LINES.strip("\n").split("\n") for line in row.split("|")]
FRAGMENTS += [
    "| a | b |",
    "|---|---|",
    "| 1 | 2 |",
    "a | b",
    "- | -",
    "",
    "",
    "",
    "",
    "",
]

documents = st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("\n".join)
plain_documents = documents.map(lambda text: text.replace("]:", "]"))
# The lengths of the pieces a text arrives in, over and over.
chunkings = st.lists(st.integers(1, 30), min_size=1, max_size=8)


def grow(text, lengths, *, flush_every=1, growing=None):
    """Return the renderer and what a browser shows after all its patches."""
    growing = growing or GrowingRender()
    shown, position, turn = [], 0, 0
    while position < len(text):
        length = lengths[turn % len(lengths)]
        growing.feed(text[position : position + length])
        position, turn = position + length, turn + 1
        if turn % flush_every == 0:
            shown = apply_ops(shown, growing.flush())
            assert shown == growing.segments
    return growing, apply_ops(shown, growing.finish())


@settings(max_examples=400)
@given(st.one_of(plain_documents, documents), chunkings, st.integers(1, 3))
@example("- a\n\n- b\n\n  c\n\nend\n", [1], 1)
@example("```\na\n\nb\n\n```\n\nc\n\nd\n", [1], 1)
@example("[a]\n\ntext\n\n[a]: /u\n\ntext", [3], 1)
@example("x[^1]\n\n# h\n\n[^1]: n\n\ntext\n\n    more", [1], 1)
@example("# a\n\n### b\n\n## c\n\ntext\n\n#### d\n\ne\n", [2], 1)
@example("# a\n\n## b\n", [2], 1)
@example("> a\n\nb\n\n    c\n\nd\n", [1], 1)
@example("$$\na\n\n$$\nb\n$$\n\nc\n", [1], 1)
@example("a\r\n\r\nb\r\rc\ud83d\ude00\ud83d", [1], 1)
def test_pieces_of_any_length_add_up_to_the_whole(text, lengths, flush_every):
    _, shown = grow(text, lengths, flush_every=flush_every)
    assert "".join(shown) == finished_html(text)


@settings(max_examples=60)
@given(documents, chunkings, st.integers(0, 40))
def test_a_reply_goes_on_from_the_text_it_has(text, lengths, cut):
    growing = GrowingRender(text=text[:cut], prefix="message-9-")
    _, shown = grow(text[cut:], lengths, growing=growing)
    assert "".join(shown) == finished_html(text, prefix="message-9-")


def test_what_was_committed_is_not_sent_again():
    growing = GrowingRender()
    growing.feed("First paragraph.\n\nSecond paragraph.\n\nThird")
    growing.flush()
    growing.feed(" paragraph")
    assert growing.flush() == [[2, len('<p dir="auto">Third'), " paragraph</p>\n"]]
    assert growing.flush() == []
    assert growing.tail_size < len(growing.text)


def test_keep_counts_what_browsers_count():
    growing = GrowingRender()
    growing.feed("😀😀")
    growing.flush()
    growing.feed("!")
    ((segment, keep, suffix),) = growing.flush()
    assert (segment, suffix) == (0, "!</p>\n")
    assert keep == len('<p dir="auto">') + 4, "two code units each"


def test_segments_that_are_no_more_are_dropped():
    growing = GrowingRender(text="a\n\nb\n\n- c\n\n[x]: ")
    shown = apply_ops([], growing.flush())
    growing.feed("/url\n")
    ops = growing.flush()
    assert [len(shown) - 1] in ops
    assert apply_ops(shown, ops) == growing.segments


def test_code_keeps_its_shape_and_gets_its_colours_when_it_closes():
    growing = GrowingRender(text="```python\nimport os\n")
    growing.flush()
    (before,) = growing.segments
    growing.feed("```\n")
    growing.flush()
    (after,) = growing.segments
    shape = '<code-block data-language="python" dir="ltr"><pre tabindex="0"><code'
    assert before.startswith(shape)
    assert after.startswith(shape)
    assert "<span" not in before
    assert "<span" in after


def test_an_earlier_block_keeps_its_colours_while_another_is_open():
    growing = GrowingRender(text="```py\nimport os\n```\n```py\nimport re\n")
    growing.flush()
    first, second = growing.segments
    assert "<span" in first
    assert "<span" not in second


def test_long_code_with_blank_lines_stays_one_tail_until_it_closes():
    code = "x = 1\n\n" * 50
    growing = GrowingRender(text=f"a\n\n```\n{code}")
    growing.flush()
    assert growing.tail_size >= len(code)
    growing.feed("```\n\nb\n\nc\n")
    growing.flush()
    assert growing.tail_size < 10


def test_halves_of_a_character_and_of_a_line_end_wait_for_each_other():
    growing = GrowingRender()
    for piece in ("a\r", "\nb", "\ud83d", "\ude00"):
        growing.feed(piece)
    assert growing.text == "a\nb😀"


def test_a_definition_brings_to_life_what_was_committed():
    growing = GrowingRender(text="[words][x]\n\nmore\n\nmore\n\n")
    growing.flush()
    assert "<a" not in "".join(growing.segments)
    growing.feed("[x]: https://example.org\n")
    growing.flush()
    assert 'href="https://example.org"' in growing.segments[0]


def test_too_much_goes_on_as_it_was_typed():
    text = "**word** and more of it\n" * (WEIGHT_LIMIT // 20)
    growing, shown = grow(text, [WEIGHT_LIMIT // 7])
    assert "".join(shown) == finished_html(text)
    assert "<strong>" not in "".join(shown)
    assert growing.text == text
    assert growing.tail_size < 20_000
    assert len(shown) > 10, "in blocks, so that a patch is small"


def test_many_small_tables_are_weighed_together():
    table = "|a" * 90 + "\n" + "|-" * 90 + "\n" + "a\n" * 60 + "\n"
    text = (table + "Words between.\n\n") * 6
    _, shown = grow(text, [997])
    assert "<table>" not in "".join(shown)
    assert "".join(shown) == finished_html(text)
