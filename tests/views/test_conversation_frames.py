import json
import uuid

from django.urls import reverse

from tests.base import ChatTestCase


class ConversationFramesTests(ChatTestCase):
    """Where no socket passes, the same frames travel by plain HTTP."""

    def setUp(self):
        self.client.force_login(self.alice)

    def post(self, frame, conversation_id=None):
        url = reverse(
            "conversations:conversation_frames",
            args=[conversation_id or self.conversation.pk],
        )
        return self.client.post(url, json.dumps(frame), "application/json")

    def frames(self, frame):
        return self.post(frame).json()["frames"]

    def test_message_is_accepted_and_its_reply_started(self):
        client_id = str(uuid.uuid4())
        sent = {"client_id": client_id, "text": "And ice?", "parent": self.reply.pk}
        accepted, started = self.frames({"type": "message.send", **sent})
        self.assertEqual(accepted["client_id"], client_id)
        self.assertIn("And ice?", accepted["html"])
        self.assertEqual(started["type"], "reply.started")

    def test_sync_returns_what_the_page_misses(self):
        posted, started = self.frames({"type": "sync", "head": None})
        self.assertEqual(posted["message"], self.question.pk)
        self.assertIn("drink", started["html"])
        self.assertEqual(self.frames({"type": "sync", "head": self.reply.pk}), [])

    def test_sync_tells_that_a_reply_ended(self):
        seqs = {str(self.reply.pk): 0}
        (ended,) = self.frames({"type": "sync", "head": self.reply.pk, "seq": seqs})
        self.assertEqual(ended["type"], "reply.ended")
        self.assertEqual(ended["state"], "finished")

    def test_nonsense_is_answered_with_an_error(self):
        for frame in ({"type": "nope"}, [], "x", {"type": "sync", "more": 1}):
            self.assertEqual(self.frames(frame)[0]["type"], "error")

    def test_a_form_is_no_frame(self):
        url = reverse("conversations:conversation_frames", args=[self.conversation.pk])
        sent = {"type": "sync"}
        for response in (
            self.client.post(url, sent),  # of several parts
            self.client.post(url, "type=sync", "application/x-www-form-urlencoded"),
        ):
            self.assertEqual(response.json()["frames"][0]["code"], "bad_frame")

    def test_stranger_gets_404(self):
        self.client.force_login(self.carol)
        for frame in ({"type": "sync"}, {"type": "conversation.read"}):
            self.assertEqual(self.post(frame).status_code, 404)
