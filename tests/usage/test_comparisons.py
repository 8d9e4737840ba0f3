"""Two who compare the same personas at once, each in another order."""

import threading
from contextlib import suppress
from unittest import mock

from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from conversations.actions import comparisons
from conversations.generation import claiming
from conversations.models import BudgetPeriod, User
from tests.base import add_turn, make_conversation, make_persona

from .base import make_budget, make_model

# How long one waits, after the first reply, for another who may be kept from it.
PATIENCE_SECONDS = 2


class CompareAtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        model = make_model()
        self.slugs = ["one", "two"]
        self.personas = [make_persona(slug, model=model) for slug in self.slugs]
        for persona in self.personas:
            make_budget(100, persona=persona)
        self.people = [User.objects.create_user(name) for name in ("alice", "bob")]
        self.both = threading.Barrier(2)
        self.faults = []

    def answer(self, *args, **kwargs):
        """Answer, and go on once both have their first reply, if they can."""
        reply = self.real_answer(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            self.both.wait(PATIENCE_SECONDS)
        return reply

    def compare(self, user, question, slugs):
        try:
            comparisons.compare_replies(user=user, message=question, personas=slugs)
        except Exception as error:
            self.faults.append(error)
        finally:
            connection.close()

    def test_neither_waits_for_the_other_for_ever(self):
        threads = []
        for user, slugs in zip(
            self.people, (self.slugs, self.slugs[::-1]), strict=True
        ):
            talk = make_conversation(user, self.personas[0])
            question, _ = add_turn(talk, "Which?", "This.")
            job = user, question, slugs
            threads.append(threading.Thread(target=self.compare, args=job))
        self.real_answer = comparisons.answer
        with (
            mock.patch.object(comparisons, "answer", self.answer),
            mock.patch.object(claiming.runs, "are_welcome", True),
            mock.patch("conversations.generation.process.start"),
        ):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(self.faults, [])
        used = BudgetPeriod.objects.values_list("used", flat=True)
        self.assertEqual(list(used), [2, 2])
