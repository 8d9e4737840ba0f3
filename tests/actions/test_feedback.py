from conversations.actions.feedback import give_feedback, take_back_feedback
from conversations.actions.refusals import Refusal
from conversations.models import Feedback
from tests.base import ChatTestCase, add_turn


class FeedbackTests(ChatTestCase):
    def give(self, verdict="good", reply=None, **note):
        return give_feedback(
            user=self.alice, reply=reply or self.reply, verdict=verdict, **note
        )

    def test_the_last_word_counts(self):
        self.give("good")
        self.give("bad", note="  Water is more.\n")
        given = Feedback.objects.get()
        self.assertEqual((given.verdict, given.note), ("bad", "Water is more."))

    def test_everybody_has_a_word_of_their_own(self):
        self.give("good")
        give_feedback(user=self.bob, reply=self.reply, verdict="bad")
        self.assertEqual(Feedback.objects.count(), 2)
        take_back_feedback(user=self.bob, reply=self.reply)
        self.assertEqual(Feedback.objects.get().user, self.alice)

    def test_what_is_no_feedback_is_refused(self):
        _, growing = add_turn(self.conversation, "And?", None)
        for code, given in (
            ("no_reply", {"reply": self.question}),
            ("no_reply", {"reply": growing}),
            ("no_verdict", {"verdict": "superb"}),
            ("no_verdict", {"verdict": ""}),
            ("too_long", {"note": "x" * 2001}),
        ):
            with self.subTest(given), self.assertRaises(Refusal) as refused:
                self.give(**given)
            self.assertEqual(refused.exception.code, code)
        self.assertFalse(Feedback.objects.exists())
