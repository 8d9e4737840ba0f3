"""A site without budgets pays one row for each reply, and nothing else."""

import uuid
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.actions.messages import post_message
from conversations.generation import claiming, process
from conversations.generation.live import PROCESS
from conversations.generation.outcome import Outcome
from conversations.generation.settling import settle

from .base import UsageTestCase, make_budget

OURS = ("usageentry", "budget", "grouplimits", "sitesettings")


class HotPathTests(UsageTestCase):
    def exchange(self):
        """Ask and answer once; return our queries of both."""
        jobs = []
        with (
            mock.patch.object(claiming.runs, "are_welcome", True),
            mock.patch.object(process, "start", lambda pk, job: jobs.append(job)),
            self.captureOnCommitCallbacks(execute=True),
            CaptureQueriesContext(connection) as asked,
        ):
            post_message(
                user=self.alice,
                conversation_id=self.conversation.pk,
                text="Hello",
                client_id=uuid.uuid4(),
            )
        (job,) = jobs
        outcome = Outcome(prompt_characters=5, call=job.call, asked=True)
        usage = ("prompt_tokens", "cached_tokens", "completion_tokens")
        outcome.facts |= dict.fromkeys((*usage, "reasoning_tokens"), 1)
        with CaptureQueriesContext(connection) as ended:
            begun = job.generation.started_at
            settle(job.generation, outcome, text="Yes", by=PROCESS, since=begun)
        return self.of_ours(asked), self.of_ours(ended)

    def of_ours(self, captured):
        found = [query["sql"] for query in captured.captured_queries]
        return [sql for sql in found if any(name in sql for name in OURS)]

    def test_without_budgets(self):
        self.exchange()
        asked, ended = self.exchange()
        self.assertEqual(asked, [])
        (insert,) = ended
        self.assertTrue(insert.startswith("INSERT"), insert)

    def test_with_two(self):
        make_budget(100_000, "tokens", user=self.alice)
        make_budget(100_000, "tokens", user=self.bob)
        make_budget(100_000, "tokens")
        self.exchange()
        asked, ended = self.exchange()
        # The budgets, their rows, these once more to keep them, an UPDATE of each, the
        # reservation.
        self.assertEqual(len(asked), 6, asked)
        # The reservation, the rows, an UPDATE of each, the settlement.
        self.assertEqual(len(ended), 5, ended)
