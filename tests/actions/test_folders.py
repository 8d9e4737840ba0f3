from unittest import mock

from conversations.actions import folders
from conversations.actions.folders import (
    change_folder,
    create_folder,
    place_folder,
    remove_folder,
)
from conversations.actions.refusals import Refusal
from conversations.models import Conversation, Folder
from tests.base import ChatTestCase


class FolderTests(ChatTestCase):
    def names(self):
        return [folder.name for folder in Folder.objects.editable_by(self.alice)]

    def make(self, *names):
        return [create_folder(user=self.alice, name=name) for name in names]

    def test_a_new_folder_is_the_last(self):
        self.make("b", "a", "c")
        self.assertEqual(self.names(), ["b", "a", "c"])

    def test_a_name_is_one_line_and_nobody_has_it_twice(self):
        self.make(" At \n home ")
        self.assertEqual(self.names(), ["At home"])
        for name in ("At home", "", " ", "x" * 81):
            with self.subTest(name), self.assertRaises(Refusal):
                self.make(name)
        create_folder(user=self.bob, name="At home")

    def test_renamed_it_may_keep_its_name_and_take_a_persona(self):
        (folder,) = self.make("Work")
        change_folder(folder=folder, name="Work", persona=self.persona)
        folder.refresh_from_db()
        self.assertEqual(folder.persona, self.persona)

    def test_there_is_a_limit(self):
        with mock.patch.object(folders, "MOST_FOLDERS", 2):
            self.make("a", "b")
            with self.assertRaises(Refusal):
                self.make("c")

    def test_removed_it_leaves_its_conversations(self):
        (folder,) = self.make("Work")
        Conversation.objects.update(folder=folder)
        remove_folder(folder=folder)
        self.conversation.refresh_from_db()
        self.assertIsNone(self.conversation.folder)
        self.assertEqual(self.names(), [])

    def test_it_goes_before_another_or_to_the_end(self):
        a, b, c = self.make("a", "b", "c")
        place_folder(folder=c, before=a)
        self.assertEqual(self.names(), ["c", "a", "b"])
        place_folder(folder=c)
        self.assertEqual(self.names(), ["a", "b", "c"])
        place_folder(folder=a, before=c)
        self.assertEqual(self.names(), ["b", "a", "c"])
        place_folder(folder=b, before=b)
        self.assertEqual(self.names(), ["a", "c", "b"])
