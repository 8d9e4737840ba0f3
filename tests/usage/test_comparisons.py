"""Two who compare the same personas at once, each in another order."""

from functools import partial
from unittest import mock

from django.core.cache import cache
from django.test import TransactionTestCase

from conversations.actions import comparisons
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
        self.people = [User.objects.create_user(name) for name in ("alice", "bob")]

    def comparison_of(self, user, slugs):
        """Return what compares these personas for that person."""
        talk = make_conversation(user, self.personas[0])
        question, _ = add_turn(talk, "Which?", "This.")
        asked = {"user": user, "message": question, "personas": slugs}
        return partial(comparisons.compare_replies, **asked)

    def test_neither_waits_for_the_other_for_ever(self):
        orders = (self.slugs, self.slugs[::-1])
        acts = list(map(self.comparison_of, self.people, orders))
        answer, meeting = comparisons.answer, Meeting()

        def answer_together(*args, **kwargs):
            """Answer, and go on once both have their first reply, if they can."""
            reply = answer(*args, **kwargs)
            meeting.wait()
            return reply

        with (
            mock.patch.object(comparisons, "answer", answer_together),
            mock.patch.object(claiming.runs, "are_welcome", True),
            mock.patch("conversations.generation.process.start"),
        ):
            self.assertEqual(do_at_once(*acts), [])
        used = BudgetPeriod.objects.values_list("used", flat=True)
        self.assertEqual(list(used), [2, 2])
