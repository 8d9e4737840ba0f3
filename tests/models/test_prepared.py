"""What is compiled once answers as the query itself would."""

import uuid

from django.db.models import Exists, OuterRef

from conversations.models import Conversation, Message, User
from conversations.models.messages import outline_of
from conversations.models.prepared import Prepared
from tests.base import ChatTestCase, add_turn


@Prepared
def messages_of(conversation_id, role):
    rows = Message.objects.for_display().select_related("conversation__owner")
    return rows.filter(conversation=conversation_id, role=role)


@Prepared
def owner_of(conversation_id):
    theirs = Conversation.objects.filter(owner=OuterRef("pk"), pk=conversation_id)
    return User.objects.annotate(is_owner=Exists(theirs)).filter(is_owner=True)


class PreparedTests(ChatTestCase):
    def test_rows_come_with_what_was_selected(self):
        with self.assertNumQueries(1):
            (reply,) = messages_of(self.conversation.pk, Message.Role.ASSISTANT)
            self.assertEqual(reply.conversation.owner.username, "alice")
            self.assertEqual(reply.persona, self.persona)
        self.assertEqual(reply, self.reply)
        self.assertEqual(reply.created_at, self.reply.created_at)

    def test_each_call_has_its_own_values(self):
        add_turn(self.conversation, "And ice?", "Also.")
        questions = messages_of(self.conversation.pk, Message.Role.USER)
        self.assertEqual([m.text for m in questions], ["What is water?", "And ice?"])
        self.assertEqual(messages_of(uuid.uuid4(), Message.Role.USER), [])

    def test_tuples_come_as_from_the_query(self):
        expected = list(self.conversation.messages.outline())
        self.assertEqual(outline_of(self.conversation.pk), expected)

    def test_annotations_come_along(self):
        (owner,) = owner_of(self.conversation.pk)
        self.assertEqual((owner, owner.is_owner), (self.alice, True))

    def test_a_value_too_many_is_an_error(self):
        with self.assertRaises(ValueError):
            outline_of(self.conversation.pk, 1)
