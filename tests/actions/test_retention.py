"""What has outlived its days goes by itself, and how much is written down."""

import io
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from conversations import clearing
from conversations.actions.reports import report_message
from conversations.actions.retention import count_outlived, delete_outlived
from conversations.models import (
    AuditEntry,
    Conversation,
    GroupRetention,
    Message,
    Report,
    SiteSettings,
)
from conversations.models.audit import first_broken
from conversations.models.retention import days_of
from tests.base import ChatTestCase, make_conversation


def ago(days):
    return timezone.now() - timedelta(days=days)


class RetentionTestCase(ChatTestCase):
    def keep(self, days):
        SiteSettings(retention_days=days).save()

    def group(self, days, *people):
        group = Group.objects.create(name=f"{days} days")
        GroupRetention.objects.create(group=group, days=days)
        for person in people:
            person.groups.add(group)

    def age(self, days, **fields):
        """Have alice's conversation be so old."""
        Conversation.objects.update(updated_at=ago(days), **fields)

    def is_due(self):
        return Conversation.objects.outlived().exists()


class RuleTests(RetentionTestCase):
    def test_for_ever_until_the_site_says_otherwise(self):
        self.age(10_000)
        self.assertFalse(self.is_due())

    def test_days_are_counted_from_the_last_message(self):
        self.keep(30)
        for days, due in ((29, False), (31, True)):
            with self.subTest(days):
                self.age(days)
                self.assertEqual(self.is_due(), due)

    def test_a_group_has_days_of_its_own(self):
        self.keep(30)
        self.group(60, self.alice)
        self.age(31)
        self.assertFalse(self.is_due())
        self.age(61)
        self.assertTrue(self.is_due())
        self.assertEqual((days_of(self.alice), days_of(self.bob)), (60, 30))

    def test_of_several_groups_the_fewest_count(self):
        self.group(60, self.alice)
        self.group(10, self.alice)
        self.age(11)
        self.assertTrue(self.is_due())
        self.assertEqual((days_of(self.alice), days_of(self.bob)), (10, None))

    def test_what_is_pinned_or_put_away_goes_too(self):
        self.keep(30)
        for fields in ({"pinned_at": ago(1)}, {"archived_at": ago(1)}):
            with self.subTest(fields):
                self.age(31, **fields)
                self.assertTrue(self.is_due())

    def test_so_many_days_that_no_date_is_so_far_back_are_for_ever(self):
        self.keep(2**31 - 1)
        self.group(1_000_000, self.alice)
        self.age(10_000, deleted_at=ago(10_000))
        self.assertFalse(self.is_due())
        for kept in (SiteSettings.objects.get(), GroupRetention.objects.get()):
            with self.assertRaises(ValidationError):
                kept.full_clean()
        with override_settings(CHAT_BIN_DAYS=10**7):
            self.assertFalse(Conversation.objects.out_of_bin().exists())
            self.assertTrue(Conversation.objects.in_bin_of(self.alice).get().gone_at)

    def test_of_what_was_brought_in_it_begins_then(self):
        self.keep(30)
        self.age(1000, imported_from="chatgpt:1", arranged_at=ago(1))
        self.assertFalse(self.is_due())
        self.age(1000, imported_from="chatgpt:1", arranged_at=ago(31))
        self.assertTrue(self.is_due())

    def test_what_is_being_brought_in_is_left_alone(self):
        self.keep(30)
        self.age(1000, imported_from="chatgpt:1", arranged_at=None)
        self.assertFalse(self.is_due())


class DeleteTests(RetentionTestCase):
    def setUp(self):
        self.keep(30)
        report_message(user=self.alice, message=self.reply, reason="other")
        Report.objects.update(created_at=ago(31))
        self.age(31)
        self.fresh = make_conversation(self.bob, self.persona)

    def test_all_of_it_goes_and_nothing_else(self):
        self.assertEqual(delete_outlived(), 2)
        self.assertEqual(delete_outlived(), 0)
        self.assertEqual(Conversation.objects.get(), self.fresh)
        self.assertFalse(Message.objects.exists() or Report.objects.exists())

    def test_the_audit_log_says_how_much_and_never_what(self):
        delete_outlived()
        entry = AuditEntry.objects.get()
        self.assertEqual(entry.verb, "conversations.expired")
        counts = {"people": 1, "conversations": 1, "messages": 2, "reports": 1}
        self.assertEqual(entry.changes, {n: [c, 0] for n, c in counts.items()})
        self.assertIsNone(first_broken())

    def test_the_server_does_it_by_the_clock(self):
        cache.clear()
        self.assertEqual(clearing._delete_outlived_by_the_hour(), 2)
        self.assertEqual(clearing._delete_outlived_by_the_hour(), 0)
        self.age(31)
        self.assertEqual(clearing._delete_outlived_by_the_hour(), 0)  # it rests
        cache.delete(clearing.RESTING)
        cache.set(clearing.PURGED, True)
        self.assertEqual(clearing._delete_if_it_is_our_turn(), 1)

    def command(self, *options):
        said = io.StringIO()
        call_command("apply_retention", *options, stdout=said)
        return said.getvalue()

    def test_the_command_tells_first(self):
        self.group(7, self.carol)
        said = self.command("--dry-run")
        self.assertIn("The site keeps conversations 30 days.", said)
        self.assertIn("The group 7 days: 7 days.", said)
        self.assertIn("1 conversation with 2 messages, of 1 person, and", said)
        self.assertEqual(count_outlived().conversations, 1)
        self.assertFalse(AuditEntry.objects.exists())

    def test_the_command_erases(self):
        self.assertIn("Erased: 1 conversation with", self.command())
        self.assertEqual(Conversation.objects.get(), self.fresh)
        self.assertEqual(AuditEntry.objects.get().actor_name, "apply_retention")
