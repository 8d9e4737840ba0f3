"""Each format of one conversation: all that was said, and nothing that acts."""

from django.test import SimpleTestCase

from conversations.models import Generation, Message
from conversations.transfer.formats import FORMATS
from conversations.transfer.html import sheet
from conversations.transfer.markdown import closed
from conversations.transfer.messages import ALL, SHOWN, Extract
from tests.base import ChatTestCase, add_turn
from tests.parsed_html import ParsedHTML

from . import hostile


class FormatTests(ChatTestCase):
    def written(self, format, branches=SHOWN):
        return "".join(FORMATS[format].write(Extract(self.conversation, branches)))

    def make_hostile(self):
        asked, reply = add_turn(self.conversation, hostile.QUESTION, hostile.ANSWER)
        self.conversation.title = hostile.TITLE
        self.persona.name = hostile.PERSONA
        self.persona.save()
        asked.html = ""  # made anew, as of a text that came in without
        asked.save()
        return asked, reply

    def test_each_format_holds_both_texts_and_the_title(self):
        for format in FORMATS:
            with self.subTest(format):
                found = self.written(format)
                self.assertIn("A talk", found)
                self.assertIn("What is water?", found)
                self.assertIn("drink", found)

    def test_the_readable_formats_say_who_speaks(self):
        for format in ("markdown", "html", "text"):
            with self.subTest(format):
                found = self.written(format)
                self.assertIn("alice", found)
                self.assertIn("Helper", found)

    def test_all_branches_say_which_version_each_is(self):
        self.conversation.head = None
        self.conversation.save()
        add_turn(self.conversation, "Another beginning", "Another answer")
        for format in ("markdown", "html", "text"):
            with self.subTest(format):
                self.assertNotIn("What is water?", self.written(format))
                both = self.written(format, ALL)
                self.assertIn("What is water?", both)
                self.assertIn("version 2 of 2", both)

    def test_a_reply_without_an_end_says_so(self):
        for state, sentence in [
            ("stopped", "was stopped"),
            ("interrupted", "was interrupted"),
            ("cut_off", "was cut off"),
            ("running", "still being written"),
        ]:
            Generation.objects.filter(message=self.reply).update(state=state)
            for format in ("markdown", "html", "text"):
                with self.subTest(format, state=state):
                    self.assertIn(sentence, self.written(format))

    def test_thoughts_are_part_of_it(self):
        Message.objects.filter(pk=self.reply.pk).update(
            reasoning="It is wet.", reasoning_html="<p>It is wet.</p>"
        )
        for format in FORMATS:
            with self.subTest(format):
                self.assertIn("It is wet.", self.written(format))

    # ── Markdown ──────────────────────────────────────────────────────────────────

    def test_markdown_keeps_the_text_as_it_is(self):
        self.assertIn("\nA **drink**.\n", self.written("markdown"))

    def test_a_title_is_no_markup_in_markdown(self):
        self.make_hostile()
        first = self.written("markdown").splitlines()[0]
        self.assertIn(r"\<script\>", first)
        self.assertIn(r"\*x\*", first)

    def test_an_open_code_block_does_not_swallow_what_follows(self):
        add_turn(self.conversation, "Code?", "```python\nprint(1)")
        add_turn(self.conversation, "And then?", "Nothing.")
        found = self.written("markdown")
        self.assertIn("```python\nprint(1)\n```\n", found)

    # ── HTML ──────────────────────────────────────────────────────────────────────

    def test_html_has_no_script_and_asks_for_nothing(self):
        self.make_hostile()
        for branches in (ALL, SHOWN):
            page = ParsedHTML(self.written("html", branches))
            tags = {tag for tag, _ in page.tags}
            self.assertFalse(tags & {"script", "img", "iframe", "link", "object"}, tags)
            attributes = {name for _, found in page.tags for name in found}
            self.assertFalse({a for a in attributes if a.startswith("on")})
            self.assertNotIn("src", attributes)

    def test_html_forbids_itself_everything_but_its_styles(self):
        found = self.written("html")
        self.assertIn("default-src &#x27;none&#x27;", found.replace("'", "&#x27;"))
        self.assertIn("sha256-", found)
        self.assertEqual(found.count("<style>"), 1)

    def test_a_text_that_looks_like_the_place_of_the_messages_is_text(self):
        _asked, reply = self.make_hostile()
        found = self.written("html")
        self.assertEqual(found.count("<!-- messages -->"), 0)
        self.assertIn(f'id="message-{reply.pk}"', found)
        self.assertTrue(found.rstrip().endswith("</html>"))

    # ── plain text ────────────────────────────────────────────────────────────────

    def test_plain_text_escapes_nothing(self):
        self.make_hostile()
        self.assertIn(hostile.QUESTION, self.written("text"))


class ClosedTests(SimpleTestCase):
    def test_only_what_is_open_is_closed(self):
        for text, result in [
            ("plain", "plain"),
            ("```\na\n```", "```\na\n```"),
            ("```\na", "```\na\n```"),
            ("~~~~\na\n~~~", "~~~~\na\n~~~\n~~~~"),
            ("```` `not` a fence", "```` `not` a fence"),
            ("````\n```\n", "````\n```\n\n````"),
        ]:
            with self.subTest(text):
                self.assertEqual(closed(text), result)


class SheetTests(SimpleTestCase):
    def test_the_styles_lead_nowhere(self):
        self.assertNotIn("url(", sheet())
        self.assertNotIn("@import", sheet())
