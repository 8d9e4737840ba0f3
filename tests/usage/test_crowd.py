"""Two hundred questions at once, of two processes: not one more than there is room."""

import json
import os
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

from django.db import connection
from django.test import TransactionTestCase

from conversations.models import BudgetPeriod, Generation, UsageEntry, User
from tests.base import make_persona
from tests.environment import ROOT

from .base import make_budget, make_model

PROCESSES, EACH = 2, 50


def database_url():
    """Where the tests' own database is."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class CrowdTests(TransactionTestCase):
    def setUp(self):
        self.people = [User.objects.create_user(name) for name in ("alice", "bob")]

    def ask_all_at_once(self):
        """Return how many were answered, and how many refused and why."""
        job = {
            "database": database_url(),
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

    def test_nobody_and_not_all_together_spend_more_than_there_is(self):
        make_persona(model=make_model(), max_output_tokens=1000)
        make_budget(37)
        budget = make_budget(16_000, "money", user=self.people[0])
        answered = self.ask_all_at_once()
        self.assertEqual(answered, {"answered": 37, "budget": 163})
        self.assertEqual(Generation.objects.count(), 37)
        used = dict(BudgetPeriod.objects.values_list("budget__unit", "used"))
        self.assertEqual(used["messages"], 37)
        self.assertLessEqual(used["money"], budget.amount)
        # Either it is spent to its end, or the messages were gone before.
        mine = UsageEntry.objects.owned_by(self.people[0])
        costs = list(mine.values_list("cost_micros", flat=True))
        self.assertEqual(sum(costs), used["money"])
        self.assertLessEqual(len(costs), 9)
