"""import_chats and export_chats: the same as on the page, for administrators."""

import io
import json
import stat
import uuid
import zipfile

import pytest
from django.core.management import CommandError, call_command

from conversations.models import Conversation, Message, Transfer
from conversations.transfer import files
from conversations.transfer.formats import FORMATS
from tests.base import ChatTestCase, add_turn


class ChatsCommandTests(ChatTestCase):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def call(self, *arguments, **options):
        said = io.StringIO()
        call_command(*arguments, stdout=said, stderr=io.StringIO(), **options)
        return said.getvalue()

    def test_everything_of_somebody_is_one_zip(self):
        path, before = self.folder / "all.zip", set(files.folder().iterdir())
        said = self.call("export_chats", "alice", output=path)
        self.assertIn("1 conversation", said)
        with zipfile.ZipFile(path) as made:
            self.assertIn(f"json/{self.conversation.pk}.json", made.namelist())
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(set(files.folder().iterdir()), before)

    def test_or_one_list_in_json(self):
        path = self.folder / "all.json"
        self.call("export_chats", "alice", output=path, format="json")
        [found] = json.loads(path.read_text())
        self.assertEqual(found["id"], str(self.conversation.pk))

    def test_or_one_conversation_in_each_format_of_its_menu(self):
        question = self.conversation.messages.order_by("pk")[0].text
        for format in FORMATS:
            with self.subTest(format):
                path = self.folder / format
                self.call(
                    "export_chats",
                    "alice",
                    output=path,
                    conversation=str(self.conversation.pk),
                    format=format,
                )
                self.assertIn(question, path.read_text())

    def test_what_is_no_choice_leaves_no_file(self):
        path = self.folder / "one"
        one, others = str(self.conversation.pk), str(uuid.uuid4())
        wrong = [
            ("alice", {"conversation": one, "format": "zip"}, "leave out"),
            ("alice", {"format": "html"}, "Say which one"),
            ("alice", {"conversation": others}, "no conversation"),
            ("bob", {"conversation": one}, "no conversation"),
        ]
        for name, options, words in wrong:
            with (
                self.subTest(options),
                self.assertRaisesMessage(CommandError, words),
            ):
                self.call("export_chats", name, output=path, **options)
            self.assertFalse(path.exists())

    def test_who_has_nothing_gets_an_empty_list(self):
        path = self.folder / "none.json"
        self.call("export_chats", "bob", output=path, format="json")
        self.assertEqual(json.loads(path.read_text()), [])

    def test_a_file_that_is_there_is_not_overwritten(self):
        path = self.folder / "all.zip"
        path.write_text("precious")
        with self.assertRaisesMessage(CommandError, "is there already"):
            self.call("export_chats", "alice", output=path)
        self.assertEqual(path.read_text(), "precious")

    def test_nobody_of_that_name(self):
        with self.assertRaisesMessage(CommandError, "nobody called"):
            self.call("export_chats", "nobody", output=self.folder / "x.zip")
        self.assertFalse((self.folder / "x.zip").exists())

    def test_what_went_out_comes_in_whole_for_another(self):
        """All branches, the head, times and states, through the ZIP."""
        add_turn(self.conversation, "One way", "One answer", state="interrupted")
        self.conversation.head = self.reply
        self.conversation.save()
        add_turn(self.conversation, "Other way", "Other 水 answer")
        path = self.folder / "all.zip"
        self.call("export_chats", "alice", output=path)
        said = self.call("import_chats", "bob", str(path))
        self.assertIn("1 brought in", said)
        mine = Conversation.objects.get(owner=self.bob)
        self.assertEqual(mine.title, "A talk")
        self.assertEqual(self.shape(mine), self.shape(self.conversation))
        self.assertEqual(mine.head.text, "Other 水 answer")

    def shape(self, conversation):
        """The tree with its texts, whatever the keys are."""
        rows = Message.objects.filter(conversation=conversation).order_by("pk")
        return [
            (m.parent and m.parent.text, m.role, m.text, m.created_at, m.state)
            for m in rows.select_related("parent", "generation")
        ]

    def test_again_is_harmless(self):
        path = self.folder / "all.zip"
        self.call("export_chats", "alice", output=path)
        self.call("import_chats", "bob", str(path))
        self.assertIn("1 here already", self.call("import_chats", "bob", str(path)))
        self.assertEqual(self.bob.conversations.count(), 1)
        self.assertTrue(path.exists())

    def test_the_person_finds_the_report_on_their_page(self):
        path = self.folder / "all.json"
        self.call("export_chats", "alice", output=path, format="json")
        self.call("import_chats", "bob", str(path))
        transfer = Transfer.objects.get()
        self.assertEqual((transfer.owner, transfer.state), (self.bob, "done"))
        self.assertEqual(transfer.source_name, "all.json")

    def test_a_file_that_is_not_there_or_says_nothing(self):
        with self.assertRaisesMessage(CommandError, "cannot be read"):
            self.call("import_chats", "bob", str(self.folder / "gone.zip"))
        path = self.folder / "cat.zip"
        path.write_bytes(b"meow")
        with self.assertRaises(CommandError):
            self.call("import_chats", "bob", str(path))
        self.assertEqual(Transfer.objects.get().state, "failed")
