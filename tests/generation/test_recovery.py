from datetime import timedelta

from django.utils import timezone

from conversations.generation import recovery
from conversations.generation.outcome import Outcome
from conversations.generation.settling import settle
from conversations.models import Generation
from tests.base import ChatTestCase, add_turn

State = Generation.State


class RecoveryTests(ChatTestCase):
    def running(self, *, heard_ago):
        """A reply whose process was last heard of so many seconds ago."""
        _, reply = add_turn(self.conversation, "And now?", None)
        rows = Generation.objects.filter(message=reply)
        rows.update(
            state=State.RUNNING,
            owner="elsewhere",
            heartbeat_at=timezone.now() - timedelta(seconds=heard_ago),
        )
        type(reply).objects.filter(pk=reply.pk).update(text="Half a **thought**")
        return rows

    def test_abandoned_reply_is_settled_with_its_text(self):
        rows = self.running(heard_ago=60)
        recovery.sweep()
        generation = rows.get()
        self.assertEqual(generation.state, State.INTERRUPTED)
        self.assertIn("interrupted", str(generation.error_sentence))
        self.assertIn("<strong>thought</strong>", generation.message.html)
        self.assertTrue(generation.may_continue)

    def test_reply_that_is_heard_of_is_left_alone(self):
        rows = self.running(heard_ago=1)
        recovery.sweep()
        self.assertEqual(rows.get().state, State.RUNNING)

    def test_only_one_process_settles(self):
        generation = self.running(heard_ago=60).get()
        first = settle(generation, Outcome(State.INTERRUPTED))
        second = settle(generation, Outcome(State.FAILED), text="other", reasoning="")
        self.assertEqual((first, second), (True, False))
        generation.refresh_from_db()
        self.assertEqual(generation.state, State.INTERRUPTED)
        self.assertEqual(generation.message.text, "Half a **thought**")

    def test_opening_the_page_settles_what_was_abandoned(self):
        rows = self.running(heard_ago=60)
        self.client.force_login(self.alice)
        response = self.client.get(self.conversation.get_absolute_url())
        self.assertContains(response, "Continue")
        self.assertEqual(rows.get().state, State.INTERRUPTED)

    def test_forgotten_question_is_answered_after_all(self):
        _, reply = add_turn(self.conversation, "And now?", None)
        rows = Generation.objects.filter(message=reply)
        self.assertEqual(recovery.sweep(), [])
        rows.update(created_at=timezone.now() - timedelta(seconds=10))
        self.assertEqual(recovery.sweep(), [rows.get().pk])
