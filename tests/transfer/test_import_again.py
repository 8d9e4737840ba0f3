"""An import that is made again, stopped, or fails in the middle."""

from unittest import mock

from django.utils import timezone

from conversations.models import (
    Conversation,
    Message,
    Transfer,
)
from conversations.transfer import files, importing
from conversations.transfer.failures import Cancelled, TransferFailed
from tests.transfer.cases import ImportTestCase
from tests.transfer.packing import (
    FILES,
    chatgpt,
    pack,
    sample,
    talk,
    write,
)


class AgainTests(ImportTestCase):
    def test_again_makes_nothing(self):
        self.take(FILES / "chatgpt.json")
        before = Message.objects.count()
        report = self.take(FILES / "chatgpt.json")
        self.assertEqual((report["made"], report["known"]), (0, 2))
        self.assertEqual(Message.objects.count(), before)

    def test_what_is_in_the_bin_is_here_already(self):
        self.take([talk()])
        Conversation.objects.filter(pk=self.taken()[0].pk).update(
            deleted_at=timezone.now()
        )
        self.assertEqual(self.take([talk()])["known"], 1)

    def test_what_is_gone_for_good_comes_again(self):
        self.take([talk()])
        self.taken()[0].delete()
        self.assertEqual(self.take([talk()])["made"], 1)

    def test_twice_in_one_file_is_once(self):
        report = self.take([talk(), talk()])
        self.assertEqual((report["made"], report["known"]), (1, 1))

    def test_what_has_no_id_is_known_by_what_it_says(self):
        chat = {"title": "A", "history": sample("open-webui")[1]["history"]}
        self.assertEqual(self.take([chat])["made"], 1)
        self.assertEqual(self.take([chat])["known"], 1)
        self.assertEqual(self.take([chat | {"title": "B"}])["made"], 1)

    def test_somebody_else_takes_the_same_file_too(self):
        self.take([talk()])
        self.assertEqual(self.take([talk()], self.bob)["made"], 1)
        self.assertEqual(len(self.taken(self.bob)), 1)

    def test_what_another_import_takes_in_the_same_moment_is_known(self):
        self.take([talk()])
        with mock.patch.object(importing._Import, "_is_known", return_value=False):
            report = self.take([talk(), talk(2)])
        self.assertEqual((report["made"], report["known"]), (1, 1))


class EndTests(ImportTestCase):
    def test_whoever_cancels_keeps_what_was_taken(self):
        def tell(done, total):
            if done:
                raise Cancelled

        path = write(self.folder / "file", [talk(1), talk(2)])
        with self.assertRaises(Cancelled):
            importing.take(self.alice, path, tell)
        self.assertEqual(len(self.taken()), 1)
        self.assertEqual(self.take(path)["made"], 1)

    def test_a_file_without_conversations_says_which_file_to_choose(self):
        for content in (b"%PDF-1.7", b"", b"[7]", b'{"a": 1}', b'"text"', b"\xff\xfe"):
            with self.assertRaisesMessage(
                TransferFailed, "No conversations were found"
            ):
                self.take(write(self.folder / "file", content))

    def test_an_empty_export_is_no_failure(self):
        path = pack(self.folder / "zip", {"conversations.json": "[]"})
        self.assertEqual(self.take(path)["made"], 0)

    def test_a_zip_without_any_says_so(self):
        for members in ({"a.txt": "Hi"}, {"user.json": {"id": 7}}, {"a.json": "Hi"}):
            path = pack(self.folder / "zip", members)
            with self.assertRaisesMessage(TransferFailed, "No conversations were"):
                self.take(path)

    def test_run_reads_the_file_of_the_transfer(self):
        transfer = Transfer(
            owner=self.alice, kind=Transfer.Kind.IMPORT, source_file="a.in"
        )
        write(self.folder / "a.in", [talk()])
        with mock.patch.object(files, "folder", return_value=self.folder):
            self.assertEqual(importing.run(transfer, self.tell)["made"], 1)

    def test_reasons_are_named_up_to_a_number_and_all_counted(self):
        with mock.patch.object(importing, "MOST_REASONS", 2):
            report = self.take([chatgpt(number=n) for n in range(5)])
        self.assertEqual((len(report["skipped"]), report["skipped_count"]), (2, 5))

    def test_nobody_elses_conversation_is_touched(self):
        self.take([talk()], self.bob)
        before = list(Conversation.objects.filter(owner=self.alice).values())
        stolen = sample("chatsite") | {"id": str(self.conversation.pk)}
        self.assertEqual(self.take([stolen], self.bob)["made"], 1)
        self.assertEqual(
            list(Conversation.objects.filter(owner=self.alice).values()), before
        )

    def test_a_conversation_that_cannot_be_saved_leaves_nothing_of_it(self):
        with (
            mock.patch(
                "conversations.transfer.rows._set_parents", side_effect=Cancelled
            ),
            self.assertRaises(Cancelled),
        ):
            self.take([talk()])
        self.assertEqual(self.taken(), [])
