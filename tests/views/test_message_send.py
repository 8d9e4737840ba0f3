import uuid

from django.test import override_settings
from django.urls import reverse

from conversations.models import Conversation, Generation
from tests.base import ChatTestCase


def url_of(conversation_id):
    return reverse("conversations:message_send", args=[conversation_id])


class MessageSendTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.url = url_of(self.conversation.pk)

    def test_message_is_saved_with_a_reply_that_waits(self):
        response = self.client.post(
            self.url, {"text": "And ice?", "parent": self.reply.pk}
        )
        self.assertRedirects(response, self.conversation.get_absolute_url())
        self.conversation.refresh_from_db()
        reply = self.conversation.head
        self.assertEqual(reply.generation.state, Generation.State.QUEUED)
        self.assertEqual(reply.parent.text, "And ice?")
        self.assertEqual(reply.parent.parent, self.reply)

    def test_starter_begins_a_conversation_with_one_click(self):
        new = uuid.uuid4()
        self.client.post(
            url_of(new), {"starter": "Tell me a story", "persona": "helper"}
        )
        conversation = Conversation.objects.get(pk=new)
        self.assertEqual(conversation.owner, self.alice)
        self.assertEqual(conversation.title, "Tell me a story")

    def test_sending_the_form_twice_is_sending_once(self):
        data = {"text": "Once", "parent": self.reply.pk, "client_id": uuid.uuid4()}
        self.client.post(self.url, data)
        self.client.post(self.url, data)
        self.assertEqual(self.conversation.messages.filter(text="Once").count(), 1)

    def test_page_from_the_history_with_other_words_is_another_message(self):
        page = {"parent": self.reply.pk, "client_id": uuid.uuid4()}
        self.client.post(self.url, page | {"text": "Once"})
        self.client.post(self.url, page | {"text": "Something else"})
        texts = self.conversation.messages.values_list("text", flat=True)
        self.assertIn("Something else", texts)

    @override_settings(CHAT_MAX_MESSAGE_CHARACTERS=10)
    def test_too_long_a_message_is_still_in_the_box(self):
        response = self.client.post(
            self.url, {"text": "more than ten", "parent": self.reply.pk}
        )
        self.assertContains(response, "at most 10", status_code=422)
        self.assertContains(response, "more than ten", status_code=422)

    def test_empty_message_is_asked_for_again(self):
        response = self.client.post(self.url, {"text": " ", "parent": self.reply.pk})
        self.assertContains(response, "Write a message first.", status_code=422)

    def test_stranger_gets_404_and_writes_nothing(self):
        self.client.force_login(self.carol)
        response = self.client.post(self.url, {"text": "Let me in"})
        self.assertEqual(response.status_code, 404)
        self.assertEqual(self.conversation.messages.count(), 2)

    def test_extra_fields_have_no_effect(self):
        new = uuid.uuid4()
        self.client.post(
            url_of(new),
            {
                "text": "Hi",
                "persona": "helper",
                "owner": self.bob.pk,
                "model": "expensive",
            },
        )
        conversation = Conversation.objects.get(pk=new)
        self.assertEqual(conversation.owner, self.alice)
        self.assertEqual(conversation.head.generation.model.api_name, "demo")
