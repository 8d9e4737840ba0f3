"""What can be done with a message: its page, feedback, a new chat from here."""

from unittest.mock import patch

from django.urls import reverse
from django.utils import timezone

from conversations.models import (
    Conversation,
    Feedback,
    Generation,
    LanguageModel,
    Message,
)
from tests.base import ChatTestCase, add_turn, make_persona


class MessageVerbTestCase(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)

    def url(self, name, message=None):
        arguments = [self.conversation.pk, (message or self.reply).pk]
        return reverse(f"conversations:{name}", args=arguments)

    def post(self, name, message=None, **data):
        return self.client.post(self.url(name, message), data)


class MessageDetailTests(MessageVerbTestCase):
    def test_it_says_which_version_wrote_a_reply(self):
        version = reverse("conversations:persona_version", args=["helper", 1])
        for fragment in ({}, {"fragment": "1"}):
            response = self.client.get(self.url("message_detail"), fragment)
            self.assertContains(response, version)
            self.assertContains(response, "Version 1")
            self.assertEqual("fragment" in fragment, b"<html" not in response.content)

    def test_a_growing_reply_offers_less(self):
        _, growing = add_turn(self.conversation, "And?", None)
        response = self.client.get(self.url("message_detail", growing))
        self.assertNotContains(response, "Regenerate")
        self.assertNotContains(response, "Good")


class FeedbackGiveTests(MessageVerbTestCase):
    def test_it_is_given_changed_and_taken_back(self):
        response = self.post("feedback_give", verdict="good")
        self.assertContains(response, 'aria-pressed="true"', count=1)
        self.post("feedback_give", verdict="bad", note="Too short.")
        given = Feedback.objects.get()
        self.assertEqual(
            (given.user, given.verdict, given.note), (self.alice, "bad", "Too short.")
        )
        response = self.post("feedback_give", verdict="")
        self.assertNotContains(response, 'aria-pressed="true"')
        self.assertFalse(Feedback.objects.exists())

    def test_a_note_that_is_saved_is_said_to_be(self):
        response = self.post("feedback_give", verdict="good")
        self.assertNotContains(response, "Your note is saved.")
        response = self.post("feedback_give", verdict="good", note="Well put.")
        self.assertContains(response, "Your note is saved.")
        response = self.post("feedback_give", verdict="", note="Well put.")
        self.assertNotContains(response, "Your note is saved.")

    def test_it_is_said_who_reads_the_note(self):
        for started, readers in ((None, "You alone"), (timezone.now(), "Whoever")):
            Generation.objects.update(started_at=started)
            with self.subTest(readers):
                response = self.post("feedback_give", verdict="good")
                self.assertContains(response, readers)

    def test_what_is_no_feedback_is_said(self):
        for data, sentence in (
            ({"verdict": "superb"}, "good or bad"),
            ({"verdict": "much too long"}, "good or bad"),
            ({"verdict": "good", "note": "x" * 2001}, "at most 2000 fit"),
        ):
            with self.subTest(data):
                response = self.post("feedback_give", **data)
                self.assertContains(response, sentence, status_code=422)
        self.assertFalse(Feedback.objects.exists())

    def test_a_note_that_is_too_long_is_still_there(self):
        response = self.post("feedback_give", verdict="good", note="y" * 2001)
        self.assertContains(response, "y" * 2001, status_code=422)

    def test_a_stranger_gives_none(self):
        self.client.force_login(self.carol)
        response = self.post("feedback_give", verdict="good")
        self.assertEqual(response.status_code, 404)
        self.assertFalse(Feedback.objects.exists())


class ConversationForkTests(MessageVerbTestCase):
    def test_one_lands_in_the_new_conversation(self):
        response = self.post("conversation_fork")
        fork = Conversation.objects.exclude(pk=self.conversation.pk).get()
        self.assertRedirects(response, fork.get_absolute_url())

    def test_a_growing_reply_is_refused_and_said(self):
        _, growing = add_turn(self.conversation, "And?", None)
        response = self.client.post(self.url("conversation_fork", growing), follow=True)
        self.assertContains(response, "still being written")
        self.assertEqual(Conversation.objects.count(), 1)

    def test_a_stranger_copies_nothing(self):
        self.client.force_login(self.carol)
        self.assertEqual(self.post("conversation_fork").status_code, 404)
        self.assertEqual(Conversation.objects.count(), 1)


class AskingOthersTests(MessageVerbTestCase):
    def setUp(self):
        super().setUp()
        make_persona("critic")
        make_persona("drafted", state="draft")

    def test_the_page_offers_the_personas_that_are_for_them(self):
        for name in ("reply_again", "reply_compare"):
            for fragment in ({}, {"fragment": "1"}):
                response = self.client.get(self.url(name), fragment)
                self.assertContains(response, "Critic")
                self.assertNotContains(response, "Drafted")
                self.assertNotContains(response, 'name="model"')

    def test_models_are_offered_to_those_who_edit_personas(self):
        LanguageModel.objects.default()
        self.alice.is_superuser = True
        self.alice.save()
        for name in ("reply_again", "reply_compare"):
            self.assertContains(self.client.get(self.url(name)), 'name="model"')

    def test_another_persona_answers(self):
        self.post("reply_regenerate", persona="critic")
        newest = Message.objects.latest("pk")
        self.assertEqual(newest.persona.slug, "critic")

    def test_whom_one_may_not_ask_is_refused_and_said(self):
        for data in (
            {"persona": "drafted"},
            {"persona": "no slug at all"},
            {"model": "1"},
            {"model": "x"},
        ):
            with self.subTest(data):
                response = self.client.post(
                    self.url("reply_regenerate"), data, follow=True
                )
                self.assertContains(response, "Choose another.")
        self.assertEqual(Message.objects.count(), 2)

    def test_two_are_compared_and_one_is_kept(self):
        self.post("reply_compare", self.question, first="helper", persona="critic")
        page = self.client.get(self.conversation.get_absolute_url())
        self.assertContains(page, "Keep this one", count=2)
        self.post("reply_keep", Message.objects.latest("pk"))
        page = self.client.get(self.conversation.get_absolute_url())
        self.assertNotContains(page, "Keep this one")
        self.assertContains(page, "Critic")

    def test_what_cannot_be_compared_is_said(self):
        for data in (
            {"first": "helper", "persona": "helper"},
            {"first": "helper", "persona": "drafted"},
            {"persona": ""},
            {"first": "no slug at all"},
        ):
            with self.subTest(data):
                response = self.client.post(
                    self.url("reply_compare"), data, follow=True
                )
                self.assertContains(response, "Choose")
        self.assertEqual(Message.objects.count(), 2)

    def test_a_stranger_asks_nobody(self):
        self.client.force_login(self.carol)
        for name in ("reply_again", "reply_compare"):
            self.assertEqual(self.client.get(self.url(name)).status_code, 404)
        for name in ("reply_regenerate", "reply_compare", "reply_keep"):
            response = self.post(name, persona="critic")
            self.assertEqual(response.status_code, 404)
        self.assertEqual(Message.objects.count(), 2)

    def test_who_was_removed_a_moment_ago_is_a_stranger(self):
        """The message was found while they took part, the conversation was not."""
        Generation.objects.update(state=Generation.State.STOPPED)
        lock = "conversations.actions.conversations"
        given = {"persona": "critic", "text": "What else?"}
        with (
            patch(f"{lock}._own", return_value=[]),
            patch(f"{lock}._shared", return_value=[]),
        ):
            for name, message in (
                ("reply_regenerate", self.reply),
                ("reply_compare", self.reply),
                ("reply_keep", self.reply),
                ("reply_continue", self.reply),
                ("conversation_fork", self.reply),
                ("message_edit", self.question),
            ):
                with self.subTest(name):
                    self.assertEqual(self.post(name, message, **given).status_code, 404)
