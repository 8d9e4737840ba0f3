import json
from urllib.parse import quote

from django.urls import reverse

from tests.base import ChatTestCase, add_turn, make_conversation


class ConversationExportTests(ChatTestCase):
    def url(self, format, conversation=None):
        conversation = conversation or self.conversation
        name = "conversations:conversation_export"
        return reverse(name, args=[conversation.pk, format])

    def fetch(self, format, query="", **options):
        self.client.force_login(self.alice)
        response = self.client.get(self.url(format, **options) + query)
        response.body = b"".join(response.streaming_content).decode()
        return response

    def test_each_format_is_a_file_that_is_saved_and_never_shown(self):
        for format, kind, ending in [
            ("markdown", "text/markdown", "md"),
            ("html", "text/html", "html"),
            ("json", "application/json", "json"),
            ("text", "text/plain", "txt"),
        ]:
            with self.subTest(format):
                response = self.fetch(format)
                self.assertEqual(response["Content-Type"], f"{kind}; charset=utf-8")
                self.assertEqual(
                    response["Content-Disposition"],
                    f'attachment; filename="A talk.{ending}"',
                )
                self.assertEqual(response["X-Content-Type-Options"], "nosniff")
                self.assertIn("sandbox", response["Content-Security-Policy"])
                self.assertIn("drink", response.body)

    def test_the_name_may_be_of_any_language(self):
        named = make_conversation(self.alice, self.persona, title="水/물؟ \r\nX: y")
        response = self.fetch("text", conversation=named)
        self.assertEqual(
            response["Content-Disposition"],
            f"attachment; filename*=utf-8''{quote('水 물؟ X y.txt')}",
        )

    def test_an_unknown_format_is_not_there(self):
        self.client.force_login(self.alice)
        self.assertEqual(self.client.get(self.url("docx")).status_code, 404)

    def test_the_branch_shown_or_all_of_them(self):
        self.conversation.head = None
        self.conversation.save()
        add_turn(self.conversation, "Another beginning", "Another answer")
        self.assertNotIn("What is water?", self.fetch("markdown").body)
        self.assertIn("What is water?", self.fetch("markdown", "?branches=all").body)
        branch = f"?message={self.question.pk}"
        self.assertIn("What is water?", self.fetch("markdown", branch).body)
        self.assertEqual(len(json.loads(self.fetch("json").body)["messages"]), 4)
        shown = self.fetch("json", "?branches=shown").body
        self.assertEqual(len(json.loads(shown)["messages"]), 2)

    def test_nonsense_in_the_address_is_passed_by(self):
        for query in (
            "?branches=x",
            "?message=x",
            "?message=" + "9" * 40,
            "?message=0",
        ):
            with self.subTest(query):
                self.assertIn("drink", self.fetch("text", query).body)

    def test_it_is_in_the_language_of_the_reader(self):
        self.alice.language = "id"
        self.alice.save()
        self.assertIn('lang="id"', self.fetch("html").body)

    def test_a_persona_has_its_name_in_the_language_of_the_reader(self):
        self.alice.language = "id"
        self.alice.save()
        self.persona.translations = {"id": {"name": "Pembantu"}}
        self.persona.save()
        for format in ("markdown", "html", "text"):
            with self.subTest(format):
                body = self.fetch(format).body
                self.assertIn("Pembantu", body)
                self.assertNotIn("Helper", body)

    def test_a_stranger_and_the_bin_get_404(self):
        self.client.force_login(self.bob)
        self.assertEqual(self.client.get(self.url("json")).status_code, 404)


class ConversationPrintTests(ChatTestCase):
    def fetch(self, query=""):
        self.client.force_login(self.alice)
        url = reverse("conversations:conversation_print", args=[self.conversation.pk])
        response = self.client.get(url + query)
        return response, b"".join(response.streaming_content).decode()

    def test_it_shows_all_that_was_said_without_the_frame(self):
        for number in range(60):  # more than a page of the thread
            add_turn(self.conversation, f"Question {number}", f"Answer {number}")
        response, page = self.fetch()
        self.assertEqual(page.count('class="message message--user"'), 61)
        self.assertNotIn("conversation-list", page)
        self.assertNotIn("Content-Disposition", response)

    def test_the_policy_of_the_site_holds_for_it(self):
        response, _page = self.fetch()
        self.assertIn("script-src 'self'", response["Content-Security-Policy"])

    def test_all_branches_may_be_printed(self):
        self.conversation.head = None
        self.conversation.save()
        add_turn(self.conversation, "Another beginning", "Another answer")
        self.assertNotIn("What is water?", self.fetch()[1])
        self.assertIn("What is water?", self.fetch("?branches=all")[1])

    def test_what_is_shown_can_be_saved_in_each_format(self):
        for query, branches in (("", "shown"), ("?branches=all", "all")):
            page = self.fetch(query)[1]
            for format in ("markdown", "html", "json", "text"):
                self.assertIn(f"export/{format}/?branches={branches}", page)
