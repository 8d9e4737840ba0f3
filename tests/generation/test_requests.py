"""What of a conversation is read to ask for one reply."""

import uuid
from unittest import mock

from conversations.actions.messages import post_message
from conversations.generation import requests
from conversations.models import LanguageModel, Message
from tests.base import ChatTestCase


class ReadTests(ChatTestCase):
    def told_after(self, parent):
        """Return what the model is told, and whether all between was read for it."""
        reply = post_message(
            user=self.alice,
            conversation_id=self.conversation.pk,
            text="And ice?",
            client_id=uuid.uuid4(),
            parent_id=parent.pk,
        ).reply
        between = mock.Mock(side_effect=requests._texts_between)
        with mock.patch.object(requests, "_texts_between", between):
            model = LanguageModel.objects.default()
            request = requests.request_of(reply.generation, model)
        return [m.text for m in request.messages][1:], between.called

    def versions(self, count):
        """Add so many more replies to the same question; return the last."""
        versions = Message.objects.bulk_create(
            Message(
                conversation=self.conversation,
                parent=self.question,
                role=Message.Role.ASSISTANT,
                text=f"Version {number}.",
            )
            for number in range(count)
        )
        return versions[-1]

    def test_a_few_other_branches_are_read_along_and_not_sent(self):
        texts = ["What is water?", "Version 2.", "And ice?"]
        self.assertEqual(self.told_after(self.versions(3)), (texts, True))

    def test_of_a_branch_among_many_the_others_are_not_read(self):
        texts = ["What is water?", "Version 9.", "And ice?"]
        self.assertEqual(self.told_after(self.versions(10)), (texts, False))
