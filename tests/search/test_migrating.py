"""The index and the texts are the same after tables were changed, as before."""

from django.db import connection

from conversations.models import Conversation, Message
from conversations.search import find, index
from tests.base import ChatTestCase, add_turn, make_conversation


class MigrationTests(ChatTestCase):
    """What a release changes in the tables does not cost the index a text."""

    def migrating(self, function):
        function(sender=None, using="default", plan=[("0099_later", False)])

    def test_what_is_written_meanwhile_is_taken_in_and_then_all_goes_on(self):
        self.migrating(index.before_migrating)
        talk = make_conversation(self.alice, self.persona, title="Meanwhile")
        Message.objects.create(conversation=talk, role="user", text="A stoat")
        self.assertEqual(find(self.alice, "stoat").count, 0)
        self.migrating(index.after_migrating)
        self.assertEqual(find(self.alice, "stoat").count, 1)
        Message.objects.create(conversation=talk, role="user", text="A weasel")
        self.assertEqual(find(self.alice, "weasel").count, 1)
        self.assertFalse(index.check(connection))

    def test_what_is_renamed_rewritten_or_erased_meanwhile_is_not_found_as_it_was(self):
        erased = make_conversation(self.alice, self.persona, title="A stoat")
        add_turn(erased, "A stoat?", "A stoat.")
        self.migrating(index.before_migrating)
        erased.delete()
        Message.objects.filter(pk=self.question.pk).update(text="A weasel")
        Conversation.objects.update(title="A heron")
        self.migrating(index.after_migrating)
        self.assertFalse(index.check(connection))
        for word, count in (("stoat", 0), ("water", 0), ("weasel", 1), ("heron", 1)):
            self.assertEqual(find(self.alice, word).count, count, word)

    def test_nothing_is_taken_away_when_there_is_nothing_to_migrate(self):
        index.before_migrating(sender=None, using="default", plan=[])
        index.after_migrating(sender=None, using="default")  # as after a flush
        Message.objects.create(
            conversation=self.conversation, role="user", text="A weasel"
        )
        self.assertEqual(find(self.alice, "weasel").count, 1)
