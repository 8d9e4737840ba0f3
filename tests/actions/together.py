"""What the tests of those who share a conversation share."""

import uuid

from django.core.cache import cache

from conversations.actions.messages import post_message
from conversations.actions.participants import invite_person, join_conversation
from conversations.actions.refusals import Refusal
from conversations.models import Conversation, Generation, Message
from tests.base import ChatTestCase


class TogetherTestCase(ChatTestCase):
    """Bob takes part in alice's conversation; carol does not."""

    def setUp(self):
        cache.clear()
        self.place = self.join(self.bob)

    def join(self, person):
        conversation = Conversation.objects.get(pk=self.conversation.pk)
        place = invite_person(conversation=conversation, name=person.username)
        join_conversation(place=place)
        place.refresh_from_db()
        return place

    def seen(self, user):
        found = Conversation.objects.visible_to(user).get(pk=self.conversation.pk)
        return found.seen_by(user.pk)

    def message(self, user, pk):
        message = Message.objects.visible_to(user).get(pk=pk)
        message.conversation.seen_by(user.pk)
        return message

    def post(self, user, text, parent=None):
        parent = self.seen(user).head_id if parent is None else parent.pk
        return post_message(
            user=user,
            conversation_id=self.conversation.pk,
            text=text,
            client_id=uuid.uuid4(),
            parent_id=parent,
        )

    def end(self, reply, text="So."):
        Message.objects.filter(pk=reply.pk).update(text=text)
        Generation.objects.filter(message=reply).update(state="finished")

    def refused(self, code, action, **arguments):
        with self.assertRaises(Refusal) as caught:
            action(**arguments)
        self.assertEqual(caught.exception.code, code)
