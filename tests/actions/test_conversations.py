from django.utils import timezone

from conversations.actions import changes
from conversations.actions.changes import take_back
from conversations.actions.conversations import (
    MOST_PINNED,
    archive_conversations,
    mark_read,
    mark_unread,
    move_conversations,
    pin_conversations,
    rename_conversation,
    unpin_conversations,
)
from conversations.actions.refusals import Refusal
from conversations.models import Conversation, Folder
from tests.base import ChatTestCase, make_conversation


class ListTestCase(ChatTestCase):
    def rows(self, *conversations):
        pks = [c.pk for c in conversations or [self.conversation]]
        return Conversation.objects.editable_by(self.alice).filter(pk__in=pks)

    def now(self):
        self.conversation.refresh_from_db()
        return self.conversation


class ArrangingTests(ListTestCase):
    def test_a_title_is_kept_as_one_clean_line(self):
        rename_conversation(conversation=self.conversation, title=" A\n new \t one ")
        self.assertEqual(self.now().title, "A new one")

    def test_a_title_without_words_or_too_long_is_refused(self):
        for title in ("", "  \n ", "x" * 201):
            with self.subTest(title), self.assertRaises(Refusal):
                rename_conversation(conversation=self.conversation, title=title)
        self.assertEqual(self.now().title, "A talk")

    def test_pinned_again_it_stays_where_it_is(self):
        pin_conversations(rows=self.rows())
        pinned_at = self.now().pinned_at
        self.assertEqual(pin_conversations(rows=self.rows()).before, ())
        self.assertEqual(self.now().pinned_at, pinned_at)
        unpin_conversations(rows=self.rows())
        self.assertIsNone(self.now().pinned_at)

    def test_one_too_many_is_not_pinned(self):
        Conversation.objects.bulk_create(
            Conversation(
                owner=self.alice,
                persona=self.persona,
                title="Pinned",
                updated_at=timezone.now(),
                pinned_at=timezone.now(),
            )
            for _ in range(MOST_PINNED)
        )
        with self.assertRaises(Refusal):
            pin_conversations(rows=self.rows())
        self.assertIsNone(self.now().pinned_at)

    def test_too_many_at_once_are_refused_whole(self):
        other = make_conversation(self.alice, self.persona)
        with self.assertRaises(Refusal):
            changes.change(
                self.rows(self.conversation, other),
                "archived_at",
                timezone.now(),
                at_most=1,
            )
        self.assertIsNone(self.now().archived_at)

    def test_marked_unread_it_is_until_it_is_read(self):
        mark_read(conversation=self.conversation)
        self.assertFalse(self.now().is_unread)
        mark_unread(conversation=self.conversation)
        self.assertTrue(self.now().is_unread)
        mark_read(conversation=self.conversation)
        self.assertFalse(self.now().is_unread)

    def test_what_never_had_a_reply_can_be_marked_unread_too(self):
        empty = make_conversation(self.alice, self.persona)
        mark_unread(conversation=empty)
        empty.refresh_from_db()
        self.assertTrue(empty.is_unread)


class UndoTests(ListTestCase):
    def test_each_goes_back_to_its_own_folder(self):
        one, two = (Folder.objects.create(owner=self.alice, name=name) for name in "ab")
        inside = make_conversation(self.alice, self.persona, folder=one)
        rows = self.rows(self.conversation, inside)
        moved = move_conversations(rows=rows, folder=two)
        self.assertEqual({c.folder for c in rows}, {two})
        take_back(user=self.alice, token=moved.token)
        inside.refresh_from_db()
        self.assertEqual((self.now().folder, inside.folder), (None, one))

    def test_a_folder_that_is_gone_is_none(self):
        gone = Folder.objects.create(owner=self.alice, name="Gone")
        Conversation.objects.update(folder=gone)
        moved = move_conversations(rows=self.rows(), folder=None)
        gone.delete()
        take_back(user=self.alice, token=moved.token)
        self.assertIsNone(self.now().folder)

    def test_only_what_changed_is_taken_back(self):
        before = make_conversation(self.alice, self.persona, archived_at=timezone.now())
        archived = archive_conversations(rows=self.rows(self.conversation, before))
        take_back(user=self.alice, token=archived.token)
        before.refresh_from_db()
        self.assertIsNone(self.now().archived_at)
        self.assertIsNotNone(before.archived_at)

    def test_nobody_else_can_take_it_back(self):
        archived = archive_conversations(rows=self.rows())
        self.assertEqual(take_back(user=self.bob, token=archived.token), [])
        self.assertIsNotNone(self.now().archived_at)

    def test_what_is_no_token_is_refused(self):
        archived = archive_conversations(rows=self.rows())
        for token in ("", "x", archived.token[:-2]):
            with self.subTest(token), self.assertRaises(Refusal):
                take_back(user=self.alice, token=token)

    def test_nothing_changed_is_nothing_to_undo(self):
        self.assertEqual(unpin_conversations(rows=self.rows()).token, "")
