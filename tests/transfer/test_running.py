"""A transfer from its claim to its end, whoever else claims, cancels or is killed."""

import os
import sys
import threading
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

from django.db import OperationalError
from django.utils import timezone, translation

from conversations.models import Transfer
from conversations.transfer import files, jobs, running, sweeping
from conversations.transfer.failures import Cancelled, TransferFailed
from tests.base import ChatTestCase

State = Transfer.State


class TransferTestCase(ChatTestCase):
    def setUp(self):
        self.ending = threading.Event()

    def transfer(self, owner=None, **fields):
        fields = {"kind": Transfer.Kind.IMPORT} | fields
        return Transfer.objects.create(owner=owner or self.alice, **fields)

    def source(self, name="in.zip"):
        path = files.folder() / name
        path.write_bytes(b"words")
        self.addCleanup(lambda: path.unlink(missing_ok=True))
        return path

    def run_with(self, run, transfer=None):
        """Claim and run, with `run` in the place of an import; return the row."""
        transfer = transfer or self.transfer()
        module = SimpleNamespace(run=run)
        with (
            mock.patch.dict(sys.modules, {"tests.transfer.stand_in": module}),
            mock.patch.dict(running.MODULES, {"import": "tests.transfer.stand_in"}),
        ):
            running.carry_out(jobs.claim(), self.ending)
        transfer.refresh_from_db()
        return transfer


class ClaimTests(TransferTestCase):
    def test_of_two_processes_one_wins(self):
        self.transfer()
        self.assertIsNotNone(jobs.claim())
        self.assertIsNone(jobs.claim())

    def test_who_comes_second_after_all_does_not_run_it_again(self):
        """Another process claims it between our look and our claim."""
        transfer = self.transfer()

        def another_claims():
            Transfer.objects.filter(pk=transfer.pk).update(
                state=State.RUNNING, process="another"
            )
            return "ours"

        with mock.patch.object(jobs, "process_name", another_claims):
            self.assertIsNone(jobs.claim())
        transfer.refresh_from_db()
        self.assertEqual(transfer.process, "another")

    def test_who_waits_longest_is_first(self):
        self.transfer(created_at=timezone.now())
        older = self.transfer(created_at=timezone.now() - timedelta(minutes=1))
        self.assertEqual(jobs.claim(), older)

    def test_one_person_has_one_at_a_time(self):
        self.transfer()
        self.transfer()
        of_bob = self.transfer(self.bob)
        jobs.claim()
        self.assertEqual(jobs.claim(), of_bob)

    def test_what_is_claimed_says_by_whom_and_lives(self):
        self.transfer()
        claimed = jobs.claim()
        self.assertEqual(claimed.process, running.process_name())
        self.assertIsNotNone(claimed.heartbeat_at)
        self.assertEqual((claimed.state, claimed.attempts), (State.RUNNING, 1))


class EndTests(TransferTestCase):
    def test_the_report_is_kept_and_the_file_is_not(self):
        path = self.source()
        found = self.run_with(
            lambda transfer, tell: {"made": 3}, self.transfer(source_file="in.zip")
        )
        self.assertEqual((found.state, found.report), (State.DONE, {"made": 3}))
        self.assertIsNotNone(found.ended_at)
        self.assertEqual(found.source_file, "")
        self.assertFalse(path.exists())

    def test_a_failure_is_told_in_its_own_sentence(self):
        def fail(transfer, tell):
            raise TransferFailed("This is no such file.")

        path = self.source()
        found = self.run_with(fail, self.transfer(source_file="in.zip"))
        self.assertEqual(
            (found.state, found.error), (State.FAILED, "This is no such file.")
        )
        self.assertFalse(path.exists())

    def test_an_error_of_ours_is_logged_and_not_shown(self):
        def fail(transfer, tell):
            raise ValueError("secret detail")

        with self.assertLogs("conversations.transfer", "ERROR"):
            found = self.run_with(fail)
        self.assertEqual(found.state, State.FAILED)
        self.assertNotIn("secret", found.error)

    def test_a_full_disk_has_its_sentence(self):
        def fail(transfer, tell):
            raise OSError(28, "No space left on device")

        with self.assertLogs("conversations.transfer", "ERROR"):
            found = self.run_with(fail)
        self.assertIn("could not write", found.error)

    def test_a_file_that_is_not_here_is_said(self):
        found = self.run_with(lambda *_: {}, self.transfer(source_file="gone.zip"))
        self.assertEqual(found.state, State.FAILED)
        self.assertIn("not here any more", found.error)

    def test_a_database_that_is_away_is_no_end(self):
        def away(transfer, tell):
            raise OperationalError("server closed the connection")

        transfer = self.transfer()
        with self.assertRaises(OperationalError):
            self.run_with(away, transfer)
        transfer.refresh_from_db()
        self.assertEqual(transfer.state, State.RUNNING)  # until it counts as abandoned

    def test_sentences_are_in_the_language_of_the_person(self):
        self.alice.language = "id"
        self.alice.save()
        spoken = []
        self.run_with(lambda *_: spoken.append(translation.get_language()))
        self.assertEqual(spoken, ["id"])


class TellTests(TransferTestCase):
    def test_progress_is_saved_twice_a_second_at_most(self):
        def run(transfer, tell):
            with self.assertNumQueries(1):
                for done in range(100):
                    tell(done, 100)

        self.run_with(run)

    def test_progress_is_seen(self):
        seen = []

        def run(transfer, tell):
            tell(40, 80)
            seen.append(Transfer.objects.get(pk=transfer.pk).percent)

        self.run_with(run)
        self.assertEqual(seen, [50])

    def test_cancelled_ends_it_and_clears_away(self):
        path = self.source()
        reached = []

        def run(transfer, tell):
            Transfer.objects.filter(pk=transfer.pk).update(state=State.CANCELLED)
            tell(1, 2)
            reached.append("the end")

        found = self.run_with(run, self.transfer(source_file="in.zip"))
        self.assertEqual((found.state, reached), (State.CANCELLED, []))
        self.assertFalse(path.exists())

    def test_erased_with_its_owner_ends_it(self):
        def run(transfer, tell):
            Transfer.objects.filter(pk=transfer.pk).delete()
            with self.assertRaises(Cancelled):
                tell(1, 2)
            raise Cancelled

        transfer = self.transfer()
        with self.assertRaises(Transfer.DoesNotExist):
            self.run_with(run, transfer)

    def test_a_process_that_ends_lets_go_of_it(self):
        path = self.source()

        def run(transfer, tell):
            self.ending.set()
            tell(1, 2)

        found = self.run_with(run, self.transfer(source_file="in.zip"))
        self.assertEqual((found.state, found.process), (State.QUEUED, ""))
        self.assertEqual(found.attempts, 0)
        self.assertTrue(path.exists())

    def test_who_lost_it_does_not_settle_it(self):
        def run(transfer, tell):
            Transfer.objects.filter(pk=transfer.pk).update(process="another")
            return {"made": 1}

        found = self.run_with(run)
        self.assertEqual((found.state, found.report), (State.RUNNING, {}))


class SweepTests(TransferTestCase):
    def abandoned(self, **fields):
        long_ago = timezone.now() - timedelta(hours=1)
        fields = {"state": State.RUNNING, "heartbeat_at": long_ago} | fields
        return self.transfer(process="gone", **fields)

    def test_an_abandoned_one_is_taken_up_again(self):
        transfer = self.abandoned(attempts=1)
        with self.assertLogs("conversations.transfer", "WARNING"):
            sweeping.sweep()
        self.assertEqual(jobs.claim(), transfer)

    def test_one_that_lives_is_left_alone(self):
        transfer = self.abandoned(heartbeat_at=timezone.now())
        sweeping.sweep()
        transfer.refresh_from_db()
        self.assertEqual(transfer.state, State.RUNNING)

    def test_what_ends_its_process_each_time_is_given_up(self):
        transfer = self.abandoned(attempts=sweeping.MOST_ATTEMPTS)
        with self.assertLogs("conversations.transfer", "ERROR"):
            sweeping.sweep()
        transfer.refresh_from_db()
        self.assertEqual(transfer.state, State.FAILED)
        self.assertTrue(transfer.error)

    def test_what_was_made_is_kept_for_some_days(self):
        kept, old = self.source("kept.zip"), self.source("old.zip")
        for name, days in (("kept.zip", 6), ("old.zip", 8)):
            self.transfer(
                kind=Transfer.Kind.EXPORT,
                state=State.DONE,
                result_file=name,
                ended_at=timezone.now() - timedelta(days=days),
            )
        sweeping.sweep()
        self.assertTrue(kept.exists())
        self.assertFalse(old.exists())
        self.assertFalse(Transfer.objects.filter(result_file="old.zip").exists())

    def test_the_file_of_what_was_cancelled_is_removed(self):
        path = self.source()
        self.transfer(
            state=State.CANCELLED,
            source_file="in.zip",
            ended_at=timezone.now() - timedelta(hours=1),
        )
        sweeping.sweep()
        self.assertFalse(path.exists())

    def test_files_that_belong_to_nothing_go_after_a_day(self):
        orphan, fresh = self.source("orphan.in"), self.source("fresh.in")
        old = orphan.stat().st_mtime - sweeping.ORPHAN_SECONDS - 60
        os.utime(orphan, (old, old))
        sweeping.sweep()
        self.assertFalse(orphan.exists())
        self.assertTrue(fresh.exists())
