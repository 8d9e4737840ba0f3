from datetime import timedelta
from unittest import mock

from django.conf import settings
from django.core.cache import cache
from django.db import DataError
from django.utils import timezone

from conversations import leases
from conversations.generation import recovery
from conversations.generation.outcome import Outcome
from conversations.generation.settling import settle
from conversations.models import Generation
from tests.base import ChatTestCase, add_turn, make_conversation

State = Generation.State
LEASE_SECONDS = settings.GENERATION_STALE_SECONDS


class RunningTestCase(ChatTestCase):
    def setUp(self):
        cache.clear()  # nobody holds the lease
        recovery.contact.reset()
        self.addCleanup(recovery.contact.reset)
        self.patch(recovery.runs, "are_welcome", True)

    def patch(self, *where_and_what):
        patch = mock.patch.object(*where_and_what)
        patch.start()
        self.addCleanup(patch.stop)

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


class RecoveryTests(RunningTestCase):
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

    def test_replies_that_wait_do_not_hide_one_that_was_forgotten(self):
        self.running(heard_ago=1)
        for number in range(101):
            add_turn(self.conversation, f"Question {number}", None)
        other = make_conversation(self.bob, self.persona)
        _, reply = add_turn(other, "Does nobody answer me?", None)
        long_ago = timezone.now() - timedelta(seconds=10)
        Generation.objects.filter(state=State.QUEUED).update(created_at=long_ago)
        self.assertEqual(recovery.sweep(), [reply.generation.pk])

    def test_who_is_about_to_end_leaves_the_sweeping_to_others(self):
        self.patch(recovery.runs, "are_welcome", False)
        recovery.sweep()
        self.assertTrue(leases.holds("sweep", "elsewhere", LEASE_SECONDS))

    def test_reply_that_cannot_be_settled_leaves_the_others(self):
        bad, good = self.running(heard_ago=60), self.running(heard_ago=60)
        bad_pk = bad.get().pk

        def settle_all_but_one(generation, *arguments, **guard):
            if generation.pk == bad_pk:
                raise DataError("a row of its own kind")
            return settle(generation, *arguments, **guard)

        with (
            mock.patch.object(recovery, "settle", settle_all_but_one),
            self.assertLogs(recovery.logger, "ERROR"),
        ):
            recovery.sweep()
        self.assertEqual(bad.get().state, State.RUNNING)
        self.assertEqual(good.get().state, State.INTERRUPTED)


class OutageTests(RunningTestCase):
    """While the database is away nobody can give a sign of life."""

    def setUp(self):
        super().setUp()
        self.now = 1000.0
        self.patch(recovery.time, "monotonic", lambda: self.now)
        self.patch(recovery.leases, "holds", lambda *arguments: True)

    def sweep_for(self, seconds):
        """Sweep as the clock does, with a database that answers."""
        end = self.now + seconds
        while self.now < end:
            self.now += settings.GENERATION_SWEEP_SECONDS
            recovery.sweep()

    def test_who_has_watched_for_a_lease_waits_for_one(self):
        rows = self.running(heard_ago=LEASE_SECONDS + 2)
        self.sweep_for(1)
        self.assertEqual(rows.get().state, State.RUNNING)
        self.sweep_for(LEASE_SECONDS)
        self.assertEqual(rows.get().state, State.INTERRUPTED)

    def test_who_has_just_begun_waits_for_three(self):
        rows = self.running(heard_ago=3 * LEASE_SECONDS + 2)
        self.sweep_for(1)
        self.assertEqual(rows.get().state, State.INTERRUPTED)

    def test_outage_is_nobodys_death(self):
        self.sweep_for(2 * LEASE_SECONDS)
        rows = self.running(heard_ago=60)
        self.now += 60  # and no answer
        self.sweep_for(LEASE_SECONDS)
        self.assertEqual(rows.get().state, State.RUNNING)

    def test_who_is_silent_for_a_lease_after_an_outage_is_gone(self):
        self.sweep_for(2 * LEASE_SECONDS)
        rows = self.running(heard_ago=60)
        self.now += 60
        self.sweep_for(LEASE_SECONDS + 1)
        self.assertEqual(rows.get().state, State.INTERRUPTED)

    def test_page_that_is_opened_after_an_outage_gives_nobody_up(self):
        self.sweep_for(2 * LEASE_SECONDS)
        rows = self.running(heard_ago=60)
        self.now += 60
        self.sweep_for(1)
        self.client.force_login(self.alice)
        self.client.get(self.conversation.get_absolute_url())
        self.assertEqual(rows.get().state, State.RUNNING)

    def test_sweep_that_is_a_little_late_is_no_outage(self):
        self.sweep_for(2 * LEASE_SECONDS)
        rows = self.running(heard_ago=LEASE_SECONDS + 2)
        self.now += 0.5
        self.sweep_for(1)
        self.assertEqual(rows.get().state, State.INTERRUPTED)
