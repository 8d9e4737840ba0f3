import threading
import uuid
from unittest import mock

from django.db import connections
from django.test import TransactionTestCase

from conversations.actions import branches
from conversations.actions.messages import post_message
from conversations.models import Message, User
from conversations.tree import Tree
from tests.base import add_turn, make_conversation, make_persona

# Who is locked out writes only once we are done: we do not wait for them for ever.
LOCKED_OUT_SECONDS = 0.5


class BranchTests(TransactionTestCase):
    def setUp(self):
        self.alice = User.objects.create_user("alice")
        self.conversation = make_conversation(self.alice, make_persona())
        _, self.reply = add_turn(self.conversation, "Hi", "Hello.")

    def post(self):
        """As another request does, with a connection of its own."""
        try:
            self.posted = post_message(
                user=self.alice,
                conversation_id=self.conversation.pk,
                text="And?",
                client_id=uuid.uuid4(),
                parent_id=self.reply.pk,
            )
        finally:
            connections.close_all()

    def test_message_sent_while_a_branch_is_selected_stays_in_sight(self):
        another = threading.Thread(target=self.post)

        class SlowTree(Tree):
            def newest_leaf(self, pk):
                found = super().newest_leaf(pk)
                another.start()
                another.join(LOCKED_OUT_SECONDS)
                return found

        with mock.patch.object(branches, "Tree", SlowTree):
            branches.select_branch(
                user=self.alice, message=Message.objects.get(pk=self.reply.pk)
            )
        another.join()
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.head_id, self.posted.reply.pk)
