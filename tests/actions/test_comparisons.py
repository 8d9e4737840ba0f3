"""Two replies to one question, side by side until one is kept."""

import uuid

from django.test import override_settings

from conversations.actions.comparisons import compare_replies, keep_reply
from conversations.actions.refusals import Refusal
from conversations.models import Conversation, Generation, Message
from conversations.thread import missed_after, thread_page
from tests.actions.test_branches_left import BranchTestCase
from tests.base import add_turn, make_persona


class CompareTests(BranchTestCase):
    def setUp(self):
        super().setUp()
        self.critic = make_persona("critic")

    def compare(self, message=None, personas=("helper", "critic"), **choice):
        return compare_replies(
            user=self.alice,
            message=self.fresh(message or self.question),
            personas=personas,
            **choice,
        )

    def shown(self):
        return [m.pk for m in self.page().messages]

    def page(self):
        return thread_page(Conversation.objects.get(pk=self.conversation.pk))

    def compared(self):
        marked = Generation.objects.filter(is_compared=True).order_by("message")
        return list(marked.values_list("message", flat=True))

    def test_two_personas_answer_one_question_side_by_side(self):
        first, second = self.compare()
        self.assertEqual(first.persona, self.persona)
        self.assertEqual(second.persona, self.critic)
        self.assertEqual(self.compared(), [first.pk, second.pk])
        self.assertEqual(self.shown(), [self.question.pk, first.pk, second.pk])
        pair = [first.pk, second.pk]
        *_, left, right = self.page().messages
        self.assertEqual((left.compared, right.compared), (pair, pair))
        self.assertTrue(left.is_head)

    def test_a_reply_is_compared_with_a_new_one(self):
        both = self.compare(self.reply, personas=["critic"])
        self.assertEqual(both[0], self.reply)
        self.assertEqual(both[1].persona, self.critic)
        self.assertEqual(self.shown(), [self.question.pk, *(m.pk for m in both)])

    def test_what_is_asked_for_twice_by_one_id_is_put_there_once(self):
        for message, personas in (
            (self.question, ["helper", "critic"]),
            (self.reply, ["critic"]),
        ):
            ask = {"personas": personas, "client_id": uuid.uuid4()}
            both = self.compare(message, **ask)
            self.assertEqual(self.compare(message, **ask), both)

    def test_a_reply_in_the_middle_keeps_what_follows_it(self):
        _, later = add_turn(self.conversation, "And ice?", "Cold.")
        _, second = self.compare(self.reply, personas=["critic"])
        self.assertEqual(self.shown(), [self.question.pk, self.reply.pk, second.pk])
        keep_reply(user=self.alice, reply=self.fresh(self.reply))
        self.assertEqual(self.head(), later.pk)

    def test_one_that_is_kept_stands_alone_and_the_other_is_a_version_of_it(self):
        _first, second = self.compare()
        keep_reply(user=self.alice, reply=self.fresh(second))
        self.assertEqual(self.compared(), [])
        self.assertEqual(self.head(), second.pk)
        *_, last = self.page().messages
        self.assertEqual((last.pk, last.siblings.count), (second.pk, 3))

    def test_what_is_still_written_of_the_other_is_stopped(self):
        first, second = self.compare()
        with self.captureOnCommitCallbacks(execute=True):
            keep_reply(user=self.alice, reply=self.fresh(second))
        states = dict(Generation.objects.values_list("message", "state"))
        self.assertEqual(states[first.pk], "stopped")
        self.assertEqual(states[second.pk], "queued")

    def test_a_new_comparison_ends_the_one_before(self):
        before = self.compare()
        Generation.objects.update(state="finished")
        after = self.compare()
        self.assertEqual(self.compared(), [m.pk for m in after])
        self.assertNotEqual(before, after)

    def test_another_reply_to_the_question_ends_it(self):
        self.compare()
        self.regenerate(self.reply)
        self.assertEqual(self.compared(), [])

    def test_both_count_among_the_replies_written_at_once(self):
        few = override_settings(CHAT_MAX_OPEN_REPLIES=1)
        with few, self.assertRaises(Refusal) as refused:
            self.compare()
        self.assertEqual(refused.exception.code, "too_many")
        self.assertEqual(Message.objects.count(), 2)
        self.assertEqual(self.compared(), [])

    def test_what_cannot_be_compared_is_refused(self):
        _, growing = add_turn(self.conversation, "And?", None)
        for code, message, personas in (
            ("the_same", self.question, ["helper", "helper"]),
            ("not_two", self.question, ["critic"]),
            ("not_two", self.question, []),
            ("not_two", self.question, ["helper", "critic", "helper"]),
            ("no_persona", self.question, ["helper", "nobody"]),
            ("still_open", growing, ["critic"]),
        ):
            with self.subTest(code), self.assertRaises(Refusal) as refused:
                self.compare(message, personas=personas)
            self.assertEqual(refused.exception.code, code)

    def test_a_stranger_compares_and_keeps_nothing(self):
        for act in (
            lambda: compare_replies(
                user=self.carol,
                message=self.fresh(self.question),
                personas=["helper", "critic"],
            ),
            lambda: keep_reply(user=self.carol, reply=self.fresh(self.reply)),
        ):
            with self.assertRaises(Conversation.DoesNotExist):
                act()

    def test_a_question_is_not_kept(self):
        with self.assertRaises(Refusal):
            keep_reply(user=self.alice, reply=self.fresh(self.question))

    def test_a_page_is_told_what_it_misses_of_the_two(self):
        first, second = self.compare()
        conversation = Conversation.objects.get(pk=self.conversation.pk)
        for seen, missing in (
            (self.question, [first.pk, second.pk]),
            (first, [second.pk]),
            (second, []),
        ):
            with self.subTest(missing):
                missed = missed_after(conversation, seen.pk)
                self.assertEqual([m.pk for m in missed.messages], missing)
                self.assertFalse(missed.is_other)
