"""The piece of a message that stands in what was found, with the words marked."""

import re

from django.test import SimpleTestCase

from conversations.search import find
from conversations.search.excerpts import excerpt
from conversations.search.query import parse
from tests.search.test_finding import FindingTestCase

# Of every kind of block one that is longer than an excerpt, with many places "and".
BLOCKS = [
    "**Bold words" + " and more of them" * 20 + "** and `code`.",
    "```python\nfirst and second\n\n" + "value and key\n\n" * 30 + "one and last\n```",
    "~~~~\nfenced and no Markdown\n" + "this and that\n" * 40 + "~~~~",
    "1. This and\n\n    **bold and more**\n\n    ```\n    code and\n    ```\n" * 9,
    "- An item\n\n" + "    Some **bold and more** that goes on and on.\n\n" * 12,
    "- a list\n\n" + "- **bold and more** item\n\n" * 30,
    "> A quote of **bold and more** words\n>\n" * 20 + "> and `code`",
    "See [the page and more][a] and a note[^b] " * 20,
    "[one and two](https://example.org/zebra) and <https://example.org/okapi> " * 10,
    "| name | what |\n|---|---|\n" + "| **row and more** | `cell` |\n" * 40,
    "## A **heading and more**\n\nwords `and code` it " + "~~gone and lost~~ " * 40,
]
DEFINED = "[a]: https://example.org/tapir\n\n[^b]: What the note says."
MARKS = ("`", "**", "~~", "](", "][", "[^", "]:", "|", "\n")


class ExcerptTests(FindingTestCase):
    def excerpt(self, text, query):
        self.say(text)
        (group,) = find(self.alice, query).groups
        return group.hits[0].excerpt

    def test_the_words_are_marked_as_they_are_written(self):
        self.assertEqual(
            self.excerpt("Un Café, crème; cafés", "cafe"),
            "Un <mark>Café</mark>, crème; <mark>cafés</mark>",
        )

    def test_chinese_is_marked_as_it_was_asked(self):
        self.assertEqual(
            self.excerpt("今天的天气很好吗", "天气很"), "今天的<mark>天气很</mark>好吗"
        )

    def test_only_whole_words_are_marked(self):
        self.assertEqual(
            self.excerpt("rain, rainy, train", '"rain"'),
            "<mark>rain</mark>, rainy, train",
        )

    def test_a_long_text_is_cut_around_its_words(self):
        excerpt = self.excerpt("x " * 5000 + "a walrus swims " + "y " * 5000, "walrus")
        self.assertIn("a <mark>walrus</mark> swims", excerpt)
        self.assertLess(len(excerpt), 400)
        self.assertTrue(excerpt.startswith("…"))

    def test_markup_is_shown_and_never_done(self):
        excerpt = self.excerpt("<script>walrus</script> <img onerror=x>", "walrus")
        self.assertIn("<mark>walrus</mark>", excerpt)
        self.assertNotIn("<script", excerpt)
        self.assertNotIn("<img", excerpt)

    def test_markdown_is_read_as_words(self):
        self.assertEqual(
            self.excerpt("A **big walrus** in `code`", "walrus"),
            "A big <mark>walrus</mark> in code",
        )

    def test_a_title_is_marked_and_escaped(self):
        self.say("Nothing", title="A <b>walrus</b> & more")
        (group,) = find(self.alice, "walrus").groups
        self.assertEqual(
            group.title, "A &lt;b&gt;<mark>walrus</mark>&lt;/b&gt; &amp; more"
        )

    def test_letters_that_become_two_do_not_shift_the_marks(self):
        self.assertEqual(
            self.excerpt("Straße ﬁx walrus", "walrus"), "Straße ﬁx <mark>walrus</mark>"
        )


class ExcerptMarkTests(SimpleTestCase):
    def found(self, text, word):
        return excerpt(text, parse(word).phrases)

    def test_wherever_it_is_cut_no_mark_is_shown(self):
        text = "\n\n".join([*BLOCKS, DEFINED])
        for match in list(re.finditer(r"\band\b", text))[::3]:
            shown = self.found(
                f"{text[: match.start()]}walrus{text[match.end() :]}", "walrus"
            )
            with self.subTest(at=match.start()):
                self.assertIn("<mark>walrus</mark>", shown)
                self.assertEqual([mark for mark in MARKS if mark in shown], [])

    def test_code_is_shown_as_it_is_written_and_its_fence_is_not(self):
        text = f"Before.\n\n{BLOCKS[1]}\n\nAfter."
        shown = self.found(text, "last")
        self.assertIn("value and key one and <mark>last</mark>", shown)
        self.assertNotIn("```", shown)

    def test_an_address_that_was_asked_for_stands_behind_its_words(self):
        self.assertIn(
            "one and two (https://example.org/<mark>zebra</mark>)",
            self.found(BLOCKS[8], "zebra"),
        )
        self.assertIn(
            "the page and more (https://example.org/<mark>tapir</mark>)",
            self.found(f"{BLOCKS[7]}\n\n{DEFINED}", "tapir"),
        )

    def test_a_text_without_an_end_of_a_block_is_cut_between_words(self):
        shown = self.found("x " * 50_000 + "a walrus " + "y " * 50_000, "walrus")
        self.assertRegex(shown, r"^… (x )+a <mark>walrus</mark>( y)+ …$")

    def test_in_the_middle_of_a_long_block_no_mark_is_shown(self):
        for line in ("| **row and more** | `cell` |\n", "- **item** and `code`\n"):
            text = "| name | what |\n|---|---|\n" * line.startswith("|") + line * 600
            cut = text.index(line, 9_000)
            shown = self.found(
                f"{text[:cut]}{line.replace('and', 'walrus')}{text[cut:]}", "walrus"
            )
            with self.subTest(line=line):
                self.assertIn("<mark>walrus</mark>", shown)
                self.assertEqual([mark for mark in MARKS if mark in shown], [])
