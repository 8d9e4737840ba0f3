"""What others clear away while an import runs costs it nothing, or one conversation."""

from datetime import timedelta
from unittest import mock

from django.test import override_settings
from django.utils import timezone

from conversations.actions.bin import delete_due
from conversations.models import Conversation
from conversations.transfer import rows
from tests.transfer.cases import ImportTestCase
from tests.transfer.packing import sample, talk


class FolderTests(ImportTestCase):
    def test_one_that_is_deleted_meanwhile_is_made_again(self):
        folder = self.alice.folders.create(name="Garden")
        self.tell = lambda done, total: done or folder.delete()
        self.take(sample("chatsite"))
        (conversation,) = self.taken()
        self.assertEqual(conversation.folder, self.alice.folders.get(name="Garden"))


@override_settings(CHAT_BIN_DAYS=0)
class ClearingTests(ImportTestCase):
    def test_a_long_one_that_comes_in_is_not_cleared_away(self):
        def finish(*arguments, finish=rows._finish):
            self.assertEqual(delete_due(), 0)
            finish(*arguments)

        with (
            mock.patch.object(rows, "BATCH_MESSAGES", 1),
            mock.patch.object(rows, "_finish", finish),
        ):
            self.assertEqual(self.take([sample("chatgpt")[0]])["made"], 1)
        self.assertEqual(len(self.taken()), 1)

    def test_what_a_killed_process_left_goes_after_a_day(self):
        Conversation.objects.update(
            imported_from="unfinished:1", deleted_at=timezone.now() - timedelta(days=2)
        )
        self.assertEqual(delete_due(), 1)

    def test_one_that_is_deleted_meanwhile_is_left_out(self):
        def finish(conversation, *arguments, finish=rows._finish):
            Conversation.objects.filter(title="Talk 1").delete()
            finish(conversation, *arguments)

        with mock.patch.object(rows, "_finish", finish):
            report = self.take([talk(1), talk(2)])
        self.assertEqual((report["made"], report["skipped_count"]), (1, 1))
