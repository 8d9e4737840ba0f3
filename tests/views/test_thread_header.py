"""What stands above a conversation is the same on its page and in what it is told."""

import re

from django.contrib.auth.models import Permission
from django.utils import timezone, translation

from conversations.models import Conversation, Participant, SiteSettings, User
from conversations.protocol import verbs
from conversations.protocol.answers import conversation_changed
from tests.base import ChatTestCase

HEADER = re.compile(r'<header id="thread-header".*?</header>', re.DOTALL)


def lines_of(html):
    (header,) = HEADER.findall(html)
    return [line.strip() for line in header.splitlines() if line.strip()]


class ThreadHeaderTests(ChatTestCase):
    def assert_same(self, reader, language="en"):
        self.client.force_login(reader)
        page = self.client.get(
            self.conversation.get_absolute_url(),
            headers={"Accept-Language": language},
        )
        with translation.override(language):
            told = conversation_changed(verbs.find(reader, self.conversation.pk))
        self.assertEqual(lines_of(told["header"]), lines_of(page.content.decode()))
        return told["header"]

    def change(self, **fields):
        Conversation.objects.filter(pk=self.conversation.pk).update(**fields)

    def test_whatever_its_state(self):
        now = timezone.now()
        for fields in (
            {},
            {"title": "<b> {title} {0} }{ & 00000000-0000-0000-0000-000000000000"},
            {"pinned_at": now},
            {"pinned_at": None, "archived_at": now},
            {"replies_when": Conversation.Replies.MENTIONED},
            {"has_people": True},
            {"archived_at": None, "expires_at": now},
        ):
            with self.subTest(fields=fields):
                self.change(**fields)
                self.assert_same(self.alice)

    def test_in_each_language(self):
        english, korean = (self.assert_same(self.alice, to) for to in ("en", "ko"))
        self.assertNotEqual(english, korean)

    def test_whatever_the_persona_is_called(self):
        for name in ("Haru", "{name} & <i>", "}{"):
            with self.subTest(name=name):
                self.persona.name = name
                self.persona.save()
                self.assert_same(self.alice)

    def test_whatever_the_site_lets_be_read(self):
        for policy in ("nobody", "reported", "roles"):
            with self.subTest(policy=policy):
                SiteSettings(reading_policy=policy).save()
                self.assert_same(self.alice)

    def test_with_and_without_links_to_share(self):
        for sharing in ("off", "anyone"):
            with self.subTest(sharing=sharing), self.settings(SHARING=sharing):
                header = self.assert_same(self.alice)
                self.assertEqual("share-opener" in header, sharing != "off")

    def test_for_who_takes_part_and_for_who_may_change_the_persona(self):
        self.change(has_people=True)
        Participant.objects.create(
            conversation=self.conversation, user=self.bob, joined_at=timezone.now()
        )
        theirs = self.assert_same(self.bob)
        self.assertNotEqual(theirs, self.assert_same(self.alice))
        User.objects.filter(pk=self.alice.pk).update(is_staff=True)
        self.alice.user_permissions.add(
            Permission.objects.get(codename="change_persona")
        )
        self.assertIn("admin", self.assert_same(User.objects.get(pk=self.alice.pk)))
