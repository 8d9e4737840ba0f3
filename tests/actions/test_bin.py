from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from conversations.actions import bin
from conversations.actions.changes import take_back
from conversations.actions.refusals import Refusal
from conversations.models import (
    Conversation,
    Generation,
    Message,
    Participant,
    UnsentText,
    User,
)
from tests.base import ChatTestCase, add_turn, make_conversation

PEOPLE, TURNS = 5, 20
ROWS_CHANGED = {
    "sqlite": "SELECT total_changes()",
    "postgresql": """SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)
        FROM pg_stat_xact_user_tables""",
}


class BinTests(ChatTestCase):
    def setUp(self):
        self.rows = Conversation.objects.filter(pk=self.conversation.pk)

    def bin_of(self, user):
        return list(Conversation.objects.in_bin_of(user))

    def test_what_is_removed_is_in_the_bin_and_nowhere_else(self):
        bin.remove_conversations(rows=self.rows)
        self.assertEqual(self.bin_of(self.alice), [self.conversation])
        self.assertEqual(self.bin_of(self.bob), [])
        self.assertFalse(Conversation.objects.visible_to(self.alice).exists())
        self.assertFalse(Message.objects.visible_to(self.alice).exists())

    def test_restored_it_is_as_it_was(self):
        bin.remove_conversations(rows=self.rows)
        bin.restore_conversations(rows=Conversation.objects.in_bin_of(self.alice))
        self.assertTrue(Conversation.objects.visible_to(self.alice).listed().exists())
        self.assertEqual(self.conversation.messages.count(), 2)

    def test_a_reply_that_waits_is_stopped(self):
        _, reply = add_turn(self.conversation, "And ice?", None)
        bin.remove_conversations(rows=self.rows)
        reply.generation.refresh_from_db()
        self.assertEqual(reply.generation.state, Generation.State.STOPPED)

    def test_it_leaves_the_bin_on_its_date(self):
        bin.remove_conversations(rows=self.rows)
        just_in, just_out = timedelta(days=29.9), timedelta(days=30.1)
        later = timezone.now() + just_in
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.assertEqual(bin.delete_due(), 0)
            self.assertEqual(len(self.bin_of(self.alice)), 1)
        later = timezone.now() + just_out
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.assertEqual(self.bin_of(self.alice), [])
            self.assertEqual(bin.delete_due(), 1)
        self.assertFalse(self.rows.exists())
        self.assertFalse(Message.objects.exists())
        self.assertFalse(Generation.objects.exists())

    @override_settings(CHAT_BIN_DAYS=2)
    def test_the_site_says_for_how_long(self):
        bin.remove_conversations(rows=self.rows)
        removed = self.rows.get()
        self.assertEqual(removed.gone_at - removed.deleted_at, timedelta(days=2))

    def test_what_goes_for_good_takes_what_was_typed_in_its_box(self):
        bin.remove_conversations(rows=self.rows)
        UnsentText.objects.create(
            user=self.alice,
            conversation_id=self.conversation.pk,
            text="Never sent",
            written_at=timezone.now(),
        )
        bin.delete_conversations(rows=Conversation.objects.in_bin_of(self.alice))
        self.assertFalse(UnsentText.objects.exists())

    def test_a_bin_of_any_size_is_emptied_at_once_and_deleted_in_batches(self):
        for _ in range(5):
            make_conversation(self.alice, self.persona, deleted_at=timezone.now())
        with mock.patch.object(bin, "CONVERSATIONS_AT_ONCE", 2):
            mine = Conversation.objects.in_bin_of(self.alice)
            self.assertEqual(bin.delete_conversations(rows=mine), 5)
            self.assertEqual(self.bin_of(self.alice), [])
            batches = []
            while deleted := bin.delete_due():
                batches.append(deleted)
        self.assertEqual(batches, [2, 1])
        self.assertEqual(list(Conversation.objects.all()), [self.conversation])

    def test_a_batch_has_so_many_messages_or_one_conversation(self):
        for _ in range(3):
            talk = make_conversation(self.alice, self.persona)
            add_turn(talk, "One?", "One.")
            add_turn(talk, "Two?", "Two.")
        with mock.patch.object(bin, "MESSAGES_AT_ONCE", 3):
            rows = Conversation.objects.exclude(pk=self.conversation.pk)
            self.assertEqual(bin.delete_batch(rows), 1)
        with mock.patch.object(bin, "MESSAGES_AT_ONCE", 8):
            self.assertEqual(bin.delete_batch(rows), 2)

    def test_deleted_for_good_it_cannot_be_taken_back(self):
        removed = bin.remove_conversations(rows=self.rows)
        for _ in range(2):
            make_conversation(self.alice, self.persona, deleted_at=timezone.now())
        with mock.patch.object(bin, "CONVERSATIONS_AT_ONCE", 1):
            bin.delete_conversations(rows=Conversation.objects.in_bin_of(self.alice))
        self.assertEqual(take_back(user=self.alice, token=removed.token), [])
        self.assertFalse(Conversation.objects.visible_to(self.alice).exists())

    def test_undo_is_over_after_an_hour(self):
        token = bin.remove_conversations(rows=self.rows).token
        with mock.patch("time.time", return_value=2**32), self.assertRaises(Refusal):
            take_back(user=self.alice, token=token)


class CrowdTests(ChatTestCase):
    def test_what_many_have_said_is_deleted_once_and_not_once_for_each_of_them(self):
        alone, together = self.make(people=0), self.make(people=PEOPLE)
        more = self.rows_changed(together) - self.rows_changed(alone)
        self.assertLess(more, PEOPLE * TURNS)

    def make(self, *, people):
        talk = make_conversation(self.alice, self.persona, has_people=bool(people))
        for number in range(TURNS):
            add_turn(talk, f"Question {number}", f"Answer {number}.")
        now = timezone.now()
        for number in range(people):
            user = User.objects.create_user(f"person-{number}")
            Participant.objects.create(conversation=talk, user=user, joined_at=now)
        return talk

    def rows_changed(self, talk):
        """Return how many rows its end changes, those of the index among them."""
        before = self.rows_changed_so_far()
        bin.delete_batch(Conversation.objects.filter(pk=talk.pk))
        return self.rows_changed_so_far() - before

    def rows_changed_so_far(self):
        with connection.cursor() as cursor:
            cursor.execute(ROWS_CHANGED[connection.vendor])
            return cursor.fetchone()[0]


class TemporaryTests(ChatTestCase):
    def test_a_temporary_chat_is_deleted_when_its_time_is_over(self):
        soon = timezone.now() + timedelta(hours=1)
        due = make_conversation(self.alice, self.persona, expires_at=timezone.now())
        later = make_conversation(self.alice, self.persona, expires_at=soon)
        self.assertEqual(bin.delete_due(), 1)
        self.assertFalse(Conversation.objects.filter(pk=due.pk).exists())
        self.assertTrue(Conversation.objects.filter(pk=later.pk).exists())
        self.assertTrue(Conversation.objects.filter(pk=self.conversation.pk).exists())
