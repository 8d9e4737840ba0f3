"""What the palette offers, to whom."""

from django.urls import reverse
from django.utils import timezone

from conversations import palette
from conversations.models import Conversation
from tests.base import ChatTestCase, make_conversation, make_persona


class PaletteListTests(ChatTestCase):
    url = reverse("conversations:palette_list")

    def setUp(self):
        self.client.force_login(self.alice)

    def labels(self, query=""):
        response = self.client.get(self.url, {"q": query})
        self.assertEqual(response.status_code, 200)
        return [group.label for group in response.context["groups"]], [
            option.label
            for group in response.context["groups"]
            for option in group.options
        ]

    def test_a_conversation_of_others_is_found_too(self):
        self.conversation.participants.create(user=self.bob, joined_at=timezone.now())
        self.client.force_login(self.bob)
        self.assertContains(self.client.get(f"{self.url}?q=talk"), "A talk")

    def test_nothing_typed_offers_the_newest_and_the_pages(self):
        groups, labels = self.labels()
        self.assertEqual(groups, ["Conversations", "New chat with", "Go to"])
        self.assertIn("A talk", labels)
        self.assertIn("Helper", labels)
        self.assertIn("New chat", labels)

    def test_what_is_typed_names_titles_personas_and_pages(self):
        make_conversation(self.alice, self.persona, title="Zürich in spring")
        self.assertEqual(self.labels("zurich")[1], ["Zürich in spring"])
        self.assertEqual(self.labels("help")[1][0], "Helper")
        self.assertEqual(self.labels("theme")[1], ["Settings"])

    def test_a_setting_is_gone_to_where_it_stands(self):
        settings = reverse("conversations:settings_detail")
        response = self.client.get(self.url, {"q": "signed in"})
        self.assertContains(response, f'href="{settings}#sessions"')
        page = self.client.get(settings)
        for section in palette.SECTIONS:
            self.assertContains(page, f'id="{section}"')
        for query, name in [
            ("passkeys", "mfa_list_webauthn"),
            ("delete my", "conversations:account_remove"),
            ("what you use", "conversations:usage_detail"),
        ]:
            response = self.client.get(self.url, {"q": query})
            self.assertContains(response, f'href="{reverse(name)}"')

    def test_a_conversation_is_a_link_to_it(self):
        response = self.client.get(self.url, {"q": "a talk"})
        link = f'href="{self.conversation.get_absolute_url()}"'
        self.assertContains(response, link)
        self.assertContains(response, 'role="option"')

    def test_others_find_nothing_of_it(self):
        self.client.force_login(self.bob)
        self.assertNotIn("A talk", self.labels("talk")[1])
        self.assertNotIn("A talk", self.labels()[1])

    def test_what_is_not_in_the_list_is_not_offered(self):
        now = timezone.now()
        for field in ("archived_at", "deleted_at"):
            with self.subTest(field):
                Conversation.objects.update(archived_at=None, deleted_at=None)
                Conversation.objects.update(**{field: now})
                self.assertNotIn("A talk", self.labels("talk")[1])

    def test_a_persona_one_may_not_use_is_not_offered(self):
        make_persona("secret", state="draft")
        self.assertNotIn("Secret", self.labels("secret")[1])

    def test_administration_is_for_staff(self):
        self.assertNotIn("Administration", self.labels("administration")[1])
        self.alice.is_staff = True
        self.alice.save()
        self.assertIn("Administration", self.labels("administration")[1])

    def test_titles_are_text(self):
        make_conversation(self.alice, self.persona, title="<script>alert(1)</script>")
        response = self.client.get(self.url, {"q": "<script"})
        self.assertNotContains(response, "<script")
        self.assertContains(response, "&lt;script&gt;alert(1)")

    def test_anything_may_be_typed(self):
        for query in ("%_", "\\", "\x00", "\ud800", "x" * 5000, "{{", "'"):
            with self.subTest(ascii(query[:10])):
                if query == "\ud800":
                    url = f"{self.url}?q=%ED%A0%80"
                    self.assertEqual(self.client.get(url).status_code, 200)
                else:
                    self.labels(query)

    def test_no_more_rows_are_read_than_it_looks_at(self):
        with self.assertNumQueries(
            7
        ):  # session, person, rights, one of each kind; others
            response = self.client.get(self.url, {"q": "talk"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(palette.MOST_LOOKED_AT, 1000)

    def test_it_is_never_kept_on_the_way(self):
        self.assertIn("no-store", self.client.get(self.url)["Cache-Control"])


class ShortcutListTests(ChatTestCase):
    url = reverse("conversations:shortcut_list")

    def test_the_page_and_the_dialog_name_the_keys(self):
        self.client.force_login(self.alice)
        for data in ({}, {"fragment": "1"}):
            self.assertContains(self.client.get(self.url, data), "<kbd>K</kbd>")

    def test_it_names_the_key_that_sends(self):
        self.client.force_login(self.alice)
        plain = self.client.get(self.url, {"fragment": "1"}).content.decode()
        self.alice.send_key = "ctrl"
        self.alice.save()
        other = self.client.get(self.url, {"fragment": "1"}).content.decode()
        self.assertNotEqual(plain, other)
