from django.test import override_settings

from conversations.actions import transfers
from conversations.actions.refusals import Refusal
from conversations.models import Transfer
from conversations.transfer import files
from conversations.transfer.uploads import ReceivedFile
from tests.base import ChatTestCase

State = Transfer.State


class TransferActionTests(ChatTestCase):
    def received(self, words=b"words", name="chats.zip"):
        path = files.folder() / "test.in"
        path.write_bytes(words)
        self.addCleanup(lambda: path.unlink(missing_ok=True))
        return ReceivedFile(name, path.name, len(words))

    def test_an_import_waits_with_its_file(self):
        with self.received() as received:
            transfer = transfers.start_import(user=self.alice, received=received)
        self.assertEqual((transfer.state, transfer.kind), (State.QUEUED, "import"))
        self.assertEqual(transfer.source_name, "chats.zip")
        self.assertEqual(files.source_path(transfer).read_bytes(), b"words")

    def test_an_empty_file_is_refused_and_removed(self):
        with (
            self.assertRaisesMessage(Refusal, "empty"),
            self.received(b"") as received,
        ):
            transfers.start_import(user=self.alice, received=received)
        self.assertFalse((files.folder() / "test.in").exists())

    @override_settings(TRANSFER_MAX_BYTES=3)
    def test_a_large_file_is_refused(self):
        with (
            self.assertRaisesMessage(Refusal, "too large"),
            self.received() as received,
        ):
            transfers.start_import(user=self.alice, received=received)
        self.assertFalse(Transfer.objects.exists())

    def test_nobody_starts_more_than_a_few(self):
        for _ in range(transfers.MOST_OPEN):
            Transfer.objects.create(owner=self.alice, kind="import")
        with self.assertRaises(Refusal), self.received() as received:
            transfers.start_import(user=self.alice, received=received)
        with self.received() as received:
            transfers.start_import(user=self.bob, received=received)

    def test_what_is_to_run_here_waits_for_nothing_and_so_is_refused(self):
        Transfer.objects.create(owner=self.alice, kind="import", state=State.RUNNING)
        with (
            self.assertRaisesMessage(Refusal, "Wait for its end"),
            self.received() as received,
        ):
            transfers.start_import(user=self.alice, received=received, here=True)
        with self.received() as received:  # in the background it waits
            transfers.start_import(user=self.alice, received=received)

    def test_asking_twice_makes_one_zip(self):
        first = transfers.start_export(user=self.alice)
        self.assertEqual(transfers.start_export(user=self.alice), first)
        self.assertNotEqual(transfers.start_export(user=self.bob), first)

    def test_cancelling_what_waits_removes_its_file(self):
        with self.received() as received:
            transfer = transfers.start_import(user=self.alice, received=received)
        transfers.cancel_transfer(transfer=transfer)
        transfer.refresh_from_db()
        self.assertEqual(transfer.state, State.CANCELLED)
        self.assertFalse((files.folder() / "test.in").exists())

    def test_cancelling_what_has_ended_changes_nothing(self):
        transfer = Transfer.objects.create(
            owner=self.alice, kind="export", state=State.DONE, result_file="made.zip"
        )
        transfers.cancel_transfer(transfer=transfer)
        transfer.refresh_from_db()
        self.assertEqual((transfer.state, transfer.result_file), ("done", "made.zip"))

    def test_removing_removes_the_file_too(self):
        path = files.folder() / "made.zip"
        path.write_bytes(b"PK")
        transfer = Transfer.objects.create(
            owner=self.alice, kind="export", state=State.DONE, result_file="made.zip"
        )
        transfers.remove_transfer(transfer=transfer)
        self.assertFalse(path.exists())
        self.assertFalse(Transfer.objects.exists())
