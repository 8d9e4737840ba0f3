"""Every verb that writes or removes texts leaves the index as the texts are."""

from django.db import connection
from django.utils import timezone

from conversations.actions import bin
from conversations.actions.accounts import erase_removed, remove_account
from conversations.actions.comparisons import compare_replies, keep_reply
from conversations.actions.conversations import (
    archive_conversations,
    rename_conversation,
)
from conversations.actions.forks import fork_conversation
from conversations.actions.shares import continue_share, create_share
from conversations.models import Conversation, Message, Share, User
from conversations.search import find, index
from conversations.transfer import importing
from tests.base import ChatTestCase, make_persona
from tests.transfer.packing import FILES

LOADED = "conversation__persona", "generation__persona_version__persona"


class WriterTests(ChatTestCase):
    def setUp(self):
        self.rows = Conversation.objects.filter(pk=self.conversation.pk)

    def tearDown(self):
        self.assertFalse(index.check(connection))

    def found(self, query, user=None):
        """How many messages and titles are found."""
        return find(user or self.alice, query).count

    def fresh(self, message):
        return Message.objects.select_related(*LOADED).get(pk=message.pk)

    def test_rename(self):
        rename_conversation(conversation=self.conversation, title="About walruses")
        self.assertEqual(self.found("walruses"), 1)
        self.assertEqual(self.found("talk"), 0)

    def test_fork(self):
        fork_conversation(user=self.alice, message=self.fresh(self.reply))
        self.assertEqual(self.found("drink"), 2)

    def test_compare_and_keep(self):
        make_persona("critic")
        compare_replies(
            user=self.alice,
            message=self.fresh(self.reply),
            personas=["critic"],
        )
        keep_reply(user=self.alice, reply=self.fresh(self.reply))
        self.assertEqual(self.found("drink"), 1)

    def test_archive_and_bin(self):
        archive_conversations(rows=self.rows)
        self.assertEqual(self.found("drink"), 1)
        bin.remove_conversations(rows=self.rows)
        self.assertEqual(self.found("drink"), 0)
        bin.restore_conversations(rows=Conversation.objects.in_bin_of(self.alice))
        self.assertEqual(self.found("drink"), 1)
        bin.remove_conversations(rows=self.rows)
        bin.delete_conversations(rows=self.rows)
        self.assertFalse(Conversation.objects.exists())

    def test_temporary_chats_that_are_over(self):
        self.rows.update(expires_at=timezone.now())
        bin.delete_due()
        self.assertEqual(self.found("drink"), 0)

    def test_a_shared_conversation_that_another_goes_on_with(self):
        share = create_share(
            user=self.alice,
            conversation=self.conversation,
            audience=Share.Audience.ANYONE,
        )
        continue_share(user=self.bob, share=share)
        self.assertEqual(self.found("drink", self.bob), 1)

    def test_import(self):
        for file in sorted(FILES.glob("*.json")):
            importing.take(self.alice, file, lambda done, total: None)
        imported = Conversation.objects.exclude(imported_from="")
        self.assertTrue(imported.exists())
        for message in Message.objects.filter(conversation__in=imported)[:5]:
            if words := message.text.split()[:1]:
                self.assertTrue(self.found(words[0]), message.text)

    def test_an_account_that_is_removed(self):
        remove_account(self.alice)
        while erase_removed():
            pass
        self.assertFalse(Message.objects.exists())
        self.assertTrue(User.objects.filter(pk=self.bob.pk).exists())
