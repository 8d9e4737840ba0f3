"""Two hundred questions at once, of four processes: not one more than there is room."""

import json
import subprocess
import sys
from collections import Counter

from django.db import connection
from django.test import TransactionTestCase

from conversations.models import Budget, BudgetPeriod, Generation, UsageEntry, User
from conversations.models.budgets import are_any
from tests.base import make_persona
from tests.environment import ROOT

from .base import MILLION, make_budget, make_model

PROCESSES, EACH = 4, 25


class CrowdTests(TransactionTestCase):
    def setUp(self):
        are_any.forget()
        self.addCleanup(are_any.forget)
        self.people = [User.objects.create_user(name) for name in ("alice", "bob")]

    def ask_all_at_once(self):
        """Return how many were answered, and how many refused and why."""
        names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "ENGINE")
        job = {
            "database": {n: str(connection.settings_dict[n]) for n in names},
            "people": [person.pk for person in self.people],
            "each": EACH,
        }
        command = [sys.executable, "-m", "tests.usage.crowd", json.dumps(job)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        crowd = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(PROCESSES)]
        for process in crowd:
            self.assertEqual(process.stdout.readline(), "ready\n")
        total = Counter()
        for process in crowd:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in crowd:
            said, _ = process.communicate()
            total.update(json.loads(said))
        return total

    def test_messages(self):
        make_persona()
        make_budget(37)
        self.assertEqual(self.ask_all_at_once(), {"answered": 37, "budget": 163})
        self.assertEqual(BudgetPeriod.objects.get().used, 37)
        self.assertEqual(Generation.objects.count(), 37)
        self.assertEqual(UsageEntry.objects.count(), 37)

    def test_money_of_each_and_of_all(self):
        make_persona(model=make_model(), max_output_tokens=1000)
        make_budget(50_000, "money")
        make_budget(16_000, "money", user=self.people[0])
        answered = self.ask_all_at_once()
        self.assertEqual(set(answered), {"answered", "budget"})
        self.assertEqual(sum(answered.values()), PROCESSES * EACH * 2)
        budgets = Budget.objects.order_by("pk")
        used = [budget.periods.get().used for budget in budgets]
        for budget, amount in zip(budgets, used, strict=True):
            # To the end: what is left is too little for any reply.
            self.assertLess(budget.amount - 256 * 2 - 20, amount)
            self.assertLessEqual(amount, budget.amount)
        reserved = sum(UsageEntry.objects.values_list("cost_micros", flat=True))
        self.assertEqual(reserved, used[0])
        self.assertLess(reserved, MILLION)
