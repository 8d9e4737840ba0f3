"""Who takes part in a conversation, and what it is to them."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from conversations.models import Conversation, Generation, Message, Participant
from conversations.models.participants import readers_of
from tests.base import ChatTestCase, add_turn


class ParticipantTests(ChatTestCase):
    def setUp(self):
        self.part = Participant.objects.create(
            conversation=self.conversation,
            user=self.bob,
            head=self.question,
            joined_at=timezone.now(),
        )

    def seen_by(self, user):
        found = Conversation.objects.visible_to(user).get(pk=self.conversation.pk)
        return found.seen_by(user.pk)

    def test_who_takes_part_reads_and_writes_and_owns_nothing(self):
        for rows in (Conversation, Message, Generation):
            with self.subTest(rows):
                self.assertTrue(rows.objects.visible_to(self.bob).exists())
                self.assertFalse(rows.objects.visible_to(self.carol).exists())
        self.assertTrue(Conversation.objects.editable_by(self.bob).exists())
        self.assertTrue(Message.objects.editable_by(self.bob).exists())
        self.assertFalse(Conversation.objects.owned_by(self.bob).exists())

    def test_who_is_only_asked_reads_nothing_yet(self):
        Participant.objects.update(joined_at=None)
        for rows in (Conversation, Message, Generation):
            with self.subTest(rows):
                self.assertFalse(rows.objects.visible_to(self.bob).exists())

    def test_nobody_reads_what_is_in_the_bin(self):
        Conversation.objects.update(deleted_at=timezone.now())
        for rows in (Conversation, Message, Generation):
            with self.subTest(rows):
                self.assertFalse(rows.objects.visible_to(self.bob).exists())

    def test_each_has_a_branch_of_their_own(self):
        seen = self.seen_by(self.bob)
        self.assertEqual(seen.head_id, self.question.pk)
        seen.head = self.reply
        seen.leaves = {"1": 2}
        seen.title = "Another"
        seen.save(update_fields=["head", "leaves", "title"])
        self.part.refresh_from_db()
        self.assertEqual((self.part.head, self.part.leaves), (self.reply, {"1": 2}))
        own = Conversation.objects.get()
        self.assertEqual((own.title, own.leaves), ("Another", {}))

    def test_a_folder_and_a_pin_are_its_owners(self):
        folder = self.alice.folders.create(name="Water")
        now = timezone.now()
        Conversation.objects.update(folder=folder, pinned_at=now, archived_at=now)
        seen = self.seen_by(self.bob)
        self.assertEqual((seen.folder, seen.pinned_at, seen.archived_at), (None,) * 3)
        self.assertEqual(self.seen_by(self.alice).folder, folder)

    def test_a_stranger_sees_it_through_nobodys_eyes(self):
        with self.assertRaises(Conversation.DoesNotExist):
            self.conversation.seen_by(self.carol.pk)

    def test_one_person_takes_part_once(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Participant.objects.create(conversation=self.conversation, user=self.bob)

    def test_what_one_person_reads_alone_asks_for_no_others(self):
        with self.assertNumQueries(0):
            self.assertEqual(readers_of(self.conversation), [self.alice.pk])
        self.conversation.has_people = True
        self.assertEqual(readers_of(self.conversation), [self.alice.pk, self.bob.pk])

    def test_an_account_that_is_gone_leaves_its_messages_without_a_name(self):
        asked, _reply = add_turn(self.conversation, "Whose is this?", "Nobody's.")
        Message.objects.filter(pk=asked.pk).update(author=self.bob)
        asked.refresh_from_db()
        self.assertEqual(asked.written_by, "bob")
        self.bob.delete()
        asked.refresh_from_db()
        self.assertEqual(asked.written_by, "")
