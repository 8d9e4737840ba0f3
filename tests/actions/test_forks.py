"""A conversation that begins as a copy of a branch of another."""

import uuid
from datetime import timedelta

from django.utils import timezone

from conversations.actions.forks import fork_conversation
from conversations.actions.refusals import Refusal
from conversations.models import Conversation, Folder, Generation, Message
from tests.actions.test_branches_left import BranchTestCase
from tests.base import add_turn


class ForkTests(BranchTestCase):
    def fork(self, message, user=None):
        return fork_conversation(user=user or self.alice, message=self.fresh(message))

    def copied(self, fork):
        rows = fork.messages.order_by("pk").select_related("generation")
        return list(rows)

    def test_it_has_the_branch_down_to_the_message_and_no_more(self):
        add_turn(self.conversation, "And ice?", "Cold.")
        self.regenerate(self.reply)
        fork = self.fork(self.reply)
        question, reply = self.copied(fork)
        self.assertEqual(
            [question.text, reply.text], ["What is water?", "A **drink**."]
        )
        self.assertEqual(reply.parent, question)
        self.assertIsNone(question.parent)
        self.assertEqual(fork.head, reply)
        self.assertEqual((fork.owner, fork.persona), (self.alice, self.persona))

    def test_authors_times_and_facts_are_copied(self):
        long_ago = timezone.now() - timedelta(days=30)
        Message.objects.update(created_at=long_ago)
        facts = {"model_name": "gpt-7", "prompt_tokens": 12, "finish_reason": "stop"}
        Generation.objects.update(**facts)
        question, reply = self.copied(self.fork(self.reply))
        self.assertEqual(question.author, self.alice)
        self.assertEqual(question.html, self.question.html)
        self.assertEqual([question.created_at, reply.created_at], [long_ago] * 2)
        self.assertEqual(reply.generation.persona_version, self.persona.version)
        self.assertEqual(reply.generation.state, "finished")
        for name, value in facts.items():
            self.assertEqual(getattr(reply.generation, name), value)

    def test_the_original_is_as_it_was(self):
        before = list(Message.objects.order_by("pk").values())
        self.fork(self.reply)
        now = self.conversation.messages.order_by("pk").values()
        self.assertEqual(list(now), before)

    def test_its_title_is_no_other_of_theirs(self):
        Conversation.objects.update(title="W" * 200)
        first = self.fork(self.reply)
        second = self.fork(first.head)
        beginning = "W" * 190
        self.assertEqual(
            [first.title, second.title], [f"{beginning} (2)", f"{beginning} (3)"]
        )

    def test_a_question_is_asked_again_there(self):
        fork = self.fork(self.question)
        question, reply = self.copied(fork)
        self.assertEqual(question.text, "What is water?")
        self.assertEqual(reply.generation.state, "queued")
        self.assertEqual(fork.head, reply)

    def test_a_temporary_one_stays_so_and_lies_where_the_other_does(self):
        gone = timezone.now() + timedelta(hours=2)
        folder = Folder.objects.create(owner=self.alice, name="Water")
        Conversation.objects.update(expires_at=gone, folder=folder)
        fork = self.fork(self.reply)
        self.assertEqual((fork.expires_at, fork.folder), (gone, folder))

    def test_nothing_is_copied_while_a_reply_is_written(self):
        _, growing = add_turn(self.conversation, "And?", None)
        with self.assertRaises(Refusal):
            self.fork(growing)
        self.assertEqual(Conversation.objects.count(), 1)

    def test_a_stranger_copies_nothing(self):
        with self.assertRaises(Conversation.DoesNotExist):
            self.fork(self.reply, user=self.carol)

    def test_a_long_branch_is_copied_in_order(self):
        last = self.reply
        for number in range(600):
            role = ("user", "assistant")[number % 2]
            last = Message.objects.create(
                conversation=self.conversation,
                parent=last,
                role=role,
                text=str(number),
                client_id=uuid.uuid4(),
            )
            if role == "assistant":
                Generation.objects.create(
                    message=last,
                    persona_version=self.persona.version,
                    state="finished",
                )
        fork = self.fork(last)
        copies = self.copied(fork)
        self.assertEqual([m.text for m in copies[2:]], [str(n) for n in range(600)])
        parents = [m.parent_id for m in copies]
        self.assertEqual(parents, [None, *(m.pk for m in copies[:-1])])
