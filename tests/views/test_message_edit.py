import uuid
from unittest import mock

from django.db import DatabaseError
from django.test import override_settings
from django.urls import reverse

from conversations.models import Message
from tests.base import ChatTestCase


class MessageEditTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.url = self.url_of(self.question)

    def url_of(self, message):
        arguments = [self.conversation.pk, message.pk]
        return reverse("conversations:message_edit", args=arguments)

    def save(self, text, client_id=None):
        data = {"text": text, "client_id": client_id or uuid.uuid4()}
        return self.client.post(self.url, data)

    def test_the_page_holds_the_words_as_they_were_typed(self):
        Message.objects.update(text="Is 1 < 2\n& **3**?")
        response = self.client.get(self.url)
        self.assertContains(response, "Is 1 &lt; 2\n&amp; **3**?</textarea>")

    def test_saved_it_is_a_sibling_that_is_answered(self):
        response = self.save("What is ice?")
        edited = Message.objects.get(text="What is ice?")
        self.assertEqual(edited.parent_id, self.question.parent_id)
        self.assertEqual(edited.children.count(), 1)
        self.assertEqual(
            response.url, f"{self.conversation.get_absolute_url()}#{edited.dom_id}"
        )
        self.question.refresh_from_db()
        self.assertEqual(self.question.text, "What is water?")

    def test_the_same_page_sent_twice_is_one_message(self):
        client_id = uuid.uuid4()
        for _ in range(2):
            self.save("What is ice?", client_id)
        self.assertEqual(Message.objects.filter(text="What is ice?").count(), 1)

    @override_settings(CHAT_MAX_MESSAGE_CHARACTERS=20)
    def test_what_will_not_do_is_asked_for_again_with_the_text(self):
        for text, sentence in (
            ("   ", "Write a message first."),
            ("x" * 21, "Your message has 21 characters"),
        ):
            with self.subTest(sentence):
                response = self.save(text)
                self.assertContains(response, sentence, status_code=422)
                self.assertContains(response, text.strip(), status_code=422)
        self.assertEqual(Message.objects.count(), 2)

    def test_what_could_not_be_saved_is_still_there(self):
        failing = mock.patch(
            "conversations.views.editing.edit_message", side_effect=DatabaseError
        )
        with failing, self.assertLogs("conversations.views.editing", "ERROR"):
            response = self.save("What is ice?")
        self.assertContains(response, "What is ice?", status_code=503)

    def test_a_reply_is_nobodys_to_edit(self):
        self.url = self.url_of(self.reply)
        for response in (self.client.get(self.url), self.save("Mine now")):
            self.assertEqual(response.status_code, 302)
        self.assertEqual(Message.objects.count(), 2)

    def test_a_stranger_gets_404(self):
        self.client.force_login(self.carol)
        for response in (self.client.get(self.url), self.save("Mine now")):
            self.assertEqual(response.status_code, 404)
        self.assertEqual(Message.objects.count(), 2)
