"""Who compares at the same time as others, or as they answer elsewhere themselves."""

from functools import partial
from unittest import mock

from django.core.cache import cache
from django.test import TransactionTestCase

from conversations import usage
from conversations.actions import comparisons, replies
from conversations.generation import claiming
from conversations.models import BudgetPeriod, User
from tests.at_once import Meeting, do_at_once
from tests.base import add_turn, make_conversation, make_persona

from .base import make_budget, make_model


class CompareAtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        model = make_model()
        self.slugs = ["one", "two"]
        self.personas = [make_persona(slug, model=model) for slug in self.slugs]
        for persona in self.personas:
            make_budget(100, persona=persona)
        self.meeting = Meeting()
        self.people = [User.objects.create_user(name) for name in ("alice", "bob")]

    def comparison_of(self, user, slugs):
        """Return what compares these personas for that person."""
        talk = make_conversation(user, self.personas[0])
        question, _ = add_turn(talk, "Which?", "This.")
        asked = {"user": user, "message": question, "personas": slugs}
        return partial(comparisons.compare_replies, **asked)

    def meeting_after(self, place, name):
        """Have who has done that go on once the other has done as much, if they can."""
        done = getattr(place, name)

        def do_together(*args, **kwargs):
            answer = done(*args, **kwargs)
            self.meeting.wait()
            return answer

        return mock.patch.object(place, name, do_together)

    def expect_all_done(self, *acts):
        with (
            mock.patch.object(claiming.runs, "are_welcome", True),
            mock.patch("conversations.generation.process.start"),
        ):
            self.assertEqual(do_at_once(*acts), [])

    def used(self):
        periods = BudgetPeriod.objects.order_by("budget_id")
        return list(periods.values_list("used", flat=True))

    def test_neither_waits_for_the_other_for_ever(self):
        orders = (self.slugs, self.slugs[::-1])
        acts = map(self.comparison_of, self.people, orders)
        with self.meeting_after(comparisons, "answer"):
            self.expect_all_done(*acts)
        self.assertEqual(self.used(), [2, 2])

    def test_nor_for_a_reply_of_their_own_that_begins_elsewhere(self):
        alice = self.people[0]
        _, reply = add_turn(make_conversation(alice, self.personas[0]), "And?", "So.")
        compare = self.comparison_of(alice, self.slugs)
        again = partial(replies.regenerate_reply, user=alice, reply=reply)
        # One has the budgets and the other has the turn, if they can.
        with (
            self.meeting_after(usage, "line_up"),
            self.meeting_after(replies, "check_may_answer"),
        ):
            self.expect_all_done(compare, again)
        self.assertEqual(self.used(), [2, 1])
