"""Several people in one conversation: who comes, and who goes."""

import uuid
from unittest import mock

from django.utils import timezone

from conversations.actions import participants, tries
from conversations.actions.accounts import remove_account
from conversations.actions.forks import fork_conversation
from conversations.actions.messages import post_message
from conversations.actions.participants import (
    invite_person,
    join_conversation,
    remove_participant,
)
from conversations.actions.replies import continue_reply
from conversations.models import Conversation, Generation, Message, Participant

from .together import TogetherTestCase


class InviteTests(TogetherTestCase):
    def invite(self, name):
        conversation = Conversation.objects.get(pk=self.conversation.pk)
        return invite_person(conversation=conversation, name=name)

    def test_who_is_asked_reads_once_they_accept(self):
        place = self.invite("CAROL")
        visible = Conversation.objects.visible_to(self.carol)
        self.assertEqual((place.user, place.invited_by), (self.carol, self.alice))
        self.assertFalse(visible.exists())
        join_conversation(place=place)
        self.assertTrue(visible.exists())
        self.assertEqual(self.seen(self.carol).head_id, self.reply.pk)
        self.assertTrue(self.seen(self.carol).has_people)

    def test_to_accept_twice_is_once(self):
        place = self.invite("carol")
        join_conversation(place=place)
        Participant.objects.filter(pk=place.pk).update(head=self.question)
        join_conversation(place=place)
        self.assertEqual(self.seen(self.carol).head_id, self.question.pk)

    def test_what_is_no_name_here(self):
        for name, code in (
            ("nobody", "unknown_name"),
            ("alice", "own_name"),
            ("bob", "there_already"),
            ("carol@example.org", "unknown_name"),
        ):
            with self.subTest(name):
                self.refused(code, self.invite, name=name)

    def test_an_account_that_is_closed_is_nobodys_name(self):
        self.carol.is_active = False
        self.carol.save()
        self.refused("unknown_name", self.invite, name="carol")

    def test_names_cannot_be_tried_out_one_after_the_other(self):
        with mock.patch.object(tries, "MOST_TRIES", 3):
            for _try in range(2):  # the third after bob's
                self.refused("unknown_name", self.invite, name="x")
            for name in ("x", "carol"):
                self.refused("too_often", self.invite, name=name)
        self.assertFalse(self.carol.participations.exists())

    def test_there_is_an_end_to_people_and_to_places(self):
        with mock.patch.object(participants, "MOST_PEOPLE", 1):
            self.refused("too_many", self.invite, name="carol")
        with mock.patch.object(participants, "MOST_PLACES", 0):
            self.refused("too_many", self.invite, name="carol")

    def test_a_temporary_chat_is_of_one_person(self):
        Conversation.objects.update(expires_at=timezone.now())
        self.refused("temporary", self.invite, name="carol")


class EndTests(TogetherTestCase):
    def test_who_is_removed_reads_nothing_and_their_words_stay(self):
        posted = self.post(self.bob, "I was here")
        remove_participant(place=self.place)
        for rows in (Conversation, Message, Generation):
            self.assertFalse(rows.objects.visible_to(self.bob).exists())
        with self.assertRaises(Conversation.DoesNotExist):
            post_message(
                user=self.bob,
                conversation_id=self.conversation.pk,
                text="And still am",
                client_id=uuid.uuid4(),
                parent_id=posted.reply.pk,
            )
        Generation.objects.update(state=Generation.State.STOPPED)
        Message.objects.filter(pk=posted.reply.pk).update(text="You were")
        with self.assertRaises(Conversation.DoesNotExist):  # found a moment before
            continue_reply(user=self.bob, reply=Message.objects.get(text="You were"))
        kept = self.message(self.alice, posted.question.pk)
        self.assertEqual((kept.written_by, kept.is_others), ("bob", True))

    def test_who_is_invited_again_may_come_back(self):
        remove_participant(place=self.place)
        self.join(self.bob)
        self.assertTrue(Message.objects.visible_to(self.bob).exists())

    def test_an_account_that_goes_leaves_its_words_without_a_name(self):
        posted = self.post(self.bob, "I was here")
        remove_account(self.bob)
        kept = self.message(self.alice, posted.question.pk)
        self.assertEqual((kept.text, kept.written_by), ("I was here", ""))
        self.assertFalse(Participant.objects.exists())

    def test_the_owners_account_takes_the_conversation_along(self):
        remove_account(self.alice)
        self.assertFalse(Conversation.objects.exists())
        self.assertFalse(Participant.objects.exists())

    def test_a_fork_in_which_nobody_else_has_written_is_as_if_one_was_alone(self):
        fork = fork_conversation(
            user=self.alice, message=self.message(self.alice, self.reply.pk)
        )
        fork.refresh_from_db()
        self.assertFalse(fork.has_people)

    def test_a_fork_is_ones_own_and_names_the_others(self):
        folder = self.alice.folders.create(name="Secret")
        Conversation.objects.update(folder=folder, title="Ours")
        fork = fork_conversation(
            user=self.bob, message=self.message(self.bob, self.reply.pk)
        )
        fork.refresh_from_db()
        self.assertEqual(
            (fork.owner, fork.folder, fork.title), (self.bob, None, "Ours (2)")
        )
        question = fork.messages.earliest("pk")
        self.assertEqual((question.written_by, question.is_others), ("alice", True))
        self.assertFalse(Conversation.objects.visible_to(self.alice).filter(pk=fork.pk))
