"""Feedback is read by whoever edits personas; nobody reads the conversation by it."""

from django.urls import reverse
from django.utils import timezone

from conversations.actions.forks import fork_conversation
from conversations.models import Conversation, Feedback, Generation, Message
from tests.base import add_turn, make_conversation, make_persona

from .base import AdminTestCase

PRIVATE = ("Title of mine", "Question of mine", "Reply of mine", "alice")
LIST = reverse("admin:conversations_feedback_changelist")


class FeedbackAdminTests(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        title, question, reply, _name = PRIVATE
        Conversation.objects.update(title=title)
        Message.objects.filter(role="user").update(text=question, html=question)
        Message.objects.filter(role="assistant").update(text=reply, html=reply)
        Generation.objects.update(started_at=timezone.now())
        cls.feedback = Feedback.objects.create(
            reply=cls.reply, user=cls.alice, verdict="bad", note="Water is more."
        )

    def test_verdict_note_persona_and_version_are_shown_and_nothing_private(self):
        page = reverse("admin:conversations_feedback_change", args=[self.feedback.pk])
        for url in (LIST, page):
            response = self.client.get(url)
            for words in ("Bad", "Water is more.", "Helper"):
                self.assertContains(response, words)
            for words in PRIVATE:
                with self.subTest(url=url, words=words):
                    self.assertNotContains(response, words)

    def test_who_edits_personas_reads_it_and_other_staff_do_not(self):
        self.become(self.carol, "change_persona")
        self.assertContains(self.client.get(LIST), "Water is more.")
        self.become(self.carol, "view_conversation")
        self.assertEqual(self.client.get(LIST).status_code, 403)

    def test_it_is_only_looked_at(self):
        for verb in ("change", "delete"):
            url = reverse(
                f"admin:conversations_feedback_{verb}", args=[self.feedback.pk]
            )
            self.assertEqual(self.client.post(url).status_code, 403)
        add = reverse("admin:conversations_feedback_add")
        self.assertEqual(self.client.post(add).status_code, 403)

    def test_it_is_filtered_by_persona_and_verdict(self):
        other = make_persona("other")
        for query, total in (
            ({"persona": self.persona.pk}, 1),
            ({"persona": other.pk}, 0),
            ({"verdict__exact": "good"}, 0),
        ):
            with self.subTest(query):
                found = self.client.get(LIST, query).context["cl"]
                self.assertEqual(found.result_count, total)

    def test_the_list_asks_as_often_for_a_page_as_for_one(self):
        def count():
            with self.assertNumQueries(5):
                self.client.get(LIST)

        count()
        for number in range(12):
            conversation = make_conversation(self.alice, self.persona)
            _, reply = add_turn(conversation, f"Question {number}", "Answer")
            Feedback.objects.create(reply=reply, user=self.alice, verdict="good")
        Generation.objects.update(started_at=timezone.now())
        count()

    def test_what_a_file_brought_in_is_left_out_also_of_a_copy(self):
        Generation.objects.update(started_at=None)
        fork = fork_conversation(user=self.alice, message=self.reply)
        Feedback.objects.create(reply=fork.head, user=self.alice, verdict="good")
        self.assertEqual(self.client.get(LIST).context["cl"].result_count, 0)
