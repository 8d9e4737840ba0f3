"""Whichever door asks: without a right and a reason nobody begins to read."""

from django.contrib.auth.models import Group, Permission

from conversations.actions.chat_reads import begin_read
from conversations.actions.refusals import Refusal
from conversations.models import ChatRead, SiteSettings
from tests.base import ChatTestCase


class BeginReadTests(ChatTestCase):
    """Carol is in charge, and bob is not."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        guards = Group.objects.create(name="Guards")
        guards.permissions.add(Permission.objects.get(codename="read_conversation"))
        cls.carol.groups.add(guards)

    def setUp(self):
        SiteSettings(reading_policy="roles").save()

    def refused(self, code, reader, reason="A parent asked."):
        with self.assertRaises(Refusal) as caught:
            begin_read(reader=reader, conversation=self.conversation, reason=reason)
        self.assertEqual(caught.exception.code, code)
        self.assertFalse(ChatRead.objects.exists())

    def test_not_without_the_right(self):
        self.refused("not_allowed", self.bob)

    def test_not_against_the_policy(self):
        SiteSettings(reading_policy="nobody").save()
        self.refused("not_allowed", self.carol)

    def test_not_without_a_reason(self):
        for reason in ("", " \n", "\t"):
            self.refused("no_reason", self.carol, reason)
