"""Every address of the site × who asks: what is not yours is not there.

The table is made from the URL configuration, so that a new address without a row here
fails.
"""

import uuid

from django.test import TestCase
from django.urls import get_resolver, reverse

from tests.base import ChatTestCase

# What each address gives: to everybody (open), to each their own (own: the same page
# for all, with only what is theirs), to the owner alone (owner), or to programs that
# prove where they come from (program: tests/views/test_metrics.py).
OPEN, OWN, OWNER, PROGRAM = "open", "own", "owner", "program"
ADDRESSES = {
    "conversation_new": (OWN, "get", {}),
    "conversation_list": (OWN, "get", {}),
    "conversation_detail": (OWNER, "get", {}),
    "conversation_frames": (OWNER, "post", {"type": "sync"}),
    "message_list": (OWNER, "get", {}),
    "message_send": (OWNER, "post", {"text": "Hi", "persona": "helper"}),
    "message_source": (OWNER, "get", {}),
    "reply_regenerate": (OWNER, "post", {}),
    "reply_continue": (OWNER, "post", {}),
    "reply_stop": (OWNER, "post", {}),
    "branch_select": (OWNER, "post", {}),
    "persona_avatar": (OWN, "get", {}),
    "administrator_create": (OPEN, "get", {}),
    "health_detail": (OPEN, "get", {}),
    "health_live": (OPEN, "get", {}),
    "health_ready": (OPEN, "get", {}),
    "metrics_list": (PROGRAM, "get", {}),
}


class AddressTableTests(TestCase):
    def test_every_address_has_its_row(self):
        resolver = get_resolver("conversations.urls")
        names = {name for name in resolver.reverse_dict if isinstance(name, str)}
        self.assertEqual(names, set(ADDRESSES))


class AccessTests(ChatTestCase):
    def arguments(self, name, conversation, message):
        if name == "persona_avatar":
            return [self.persona.slug]
        if name == "administrator_create":
            return ["made-up"]
        if ADDRESSES[name][0] != OWNER:
            return []
        by_message = name.startswith(("reply_", "branch_")) or name == "message_source"
        return [conversation, message] if by_message else [conversation]

    def ask(self, name, *, conversation=None, message=None):
        conversation = conversation or self.conversation.pk
        arguments = self.arguments(name, conversation, message or self.reply.pk)
        _, method, data = ADDRESSES[name]
        kind = {"content_type": "application/json"} if name.endswith("frames") else {}
        url = reverse(f"conversations:{name}", args=arguments)
        return getattr(self.client, method)(url, data, **kind)

    def names(self, *kinds):
        return [name for name, row in ADDRESSES.items() if row[0] in kinds]

    def test_who_is_not_signed_in_is_sent_to_sign_in(self):
        for name in self.names(OWN, OWNER):
            with self.subTest(name):
                response = self.ask(name)
                self.assertEqual(response.status_code, 302)
                self.assertTrue(response.url.startswith("/accounts/login/"))

    def test_another_person_gets_404(self):
        self.client.force_login(self.bob)
        for name in self.names(OWNER):
            with self.subTest(name):
                self.assertEqual(self.ask(name).status_code, 404)

    def test_staff_get_404_too(self):
        self.bob.is_staff = self.bob.is_superuser = True
        self.bob.save()
        self.test_another_person_gets_404()

    def test_a_message_is_found_in_its_own_conversation_only(self):
        """Bob's own conversation with alice's message, and the other way round."""
        self.client.force_login(self.bob)
        mine = self.conversation.__class__.objects.create(
            owner=self.bob,
            persona=self.persona,
            title="Mine",
            updated_at=self.conversation.updated_at,
        )
        for name in self.names(OWNER):
            if not name.startswith(("reply_", "branch_", "message_source")):
                continue
            with self.subTest(name):
                response = self.ask(name, conversation=mine.pk)
                self.assertEqual(response.status_code, 404)

    def test_owner_gets_what_is_theirs(self):
        self.client.force_login(self.alice)
        for name in self.names(OWN, OWNER):
            if name == "persona_avatar":  # this persona has no image
                continue
            with self.subTest(name):
                self.assertIn(self.ask(name).status_code, (200, 302))

    def test_nothing_of_others_stands_on_ones_own_pages(self):
        self.client.force_login(self.bob)
        for name in ("conversation_new", "conversation_list"):
            with self.subTest(name):
                self.assertNotContains(self.ask(name), self.conversation.title)
                self.assertNotContains(self.ask(name), str(self.conversation.pk))

    def test_unknown_conversations_are_not_there(self):
        self.client.force_login(self.alice)
        for name in self.names(OWNER):
            if name == "message_send":  # the first message makes the conversation
                continue
            with self.subTest(name):
                response = self.ask(name, conversation=uuid.uuid4())
                self.assertEqual(response.status_code, 404)

    def test_get_changes_nothing(self):
        self.client.force_login(self.alice)
        for name in self.names(OWNER):
            _, method, _ = ADDRESSES[name]
            if method == "post":
                arguments = self.arguments(name, self.conversation.pk, self.reply.pk)
                url = reverse(f"conversations:{name}", args=arguments)
                with self.subTest(name):
                    self.assertEqual(self.client.get(url).status_code, 405)
