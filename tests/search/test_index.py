"""Whatever writes a text, the index has it when the transaction ends."""

import inspect
import uuid
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone

from conversations.actions.messages import edit_message, post_message
from conversations.actions.replies import continue_reply, regenerate_reply
from conversations.generation.outcome import Outcome
from conversations.generation.settling import settle
from conversations.models import Conversation, Generation, Message, User
from conversations.search import find, index
from tests.base import ChatTestCase, add_turn, make_conversation, make_persona

State = Generation.State


class IndexTests(ChatTestCase):
    def found(self, query, user=None):
        """What the messages and titles that `query` finds say."""
        page = find(user or self.alice, query)
        return [
            text
            for group in page.groups
            for text in [hit.message.text for hit in group.hits]
            or [group.conversation.title]
        ]

    def tearDown(self):
        self.assertFalse(index.check(connection))

    def post(self, text, conversation_id=None, **named):
        return post_message(
            user=self.alice,
            conversation_id=conversation_id or uuid.uuid4(),
            text=text,
            client_id=uuid.uuid4(),
            persona_slug="helper",
            **named,
        )

    def end(self, reply, text, state=State.FINISHED):
        reply = Message.objects.select_related("conversation").get(pk=reply.pk)
        settle(reply.generation, Outcome(state), text=text)

    def save_so_far(self, reply, text):
        Message.objects.filter(pk=reply.pk).update(text=text)

    def test_a_question_is_found_at_once(self):
        posted = self.post("Where does a marmot sleep?")
        self.assertIn("Where does a marmot sleep?", self.found("marmot"))
        self.assertEqual(posted.question.text, self.found("marmot")[0])

    def test_a_reply_is_found_when_it_has_ended(self):
        reply = self.post("A question").reply
        Generation.objects.filter(message=reply).update(state=State.RUNNING)
        self.save_so_far(reply, "A capybara")
        self.assertEqual(self.found("capybara"), [])
        self.end(reply, "A capybara swims.")
        self.assertEqual(self.found("capybara"), ["A capybara swims."])

    def test_a_reply_that_goes_on_is_found_by_its_new_words_when_it_ends(self):
        _question, reply = add_turn(
            self.conversation, "Go on", "An otter", state=State.STOPPED
        )
        continue_reply(user=self.alice, reply=reply)
        self.assertEqual(self.found("otter"), ["An otter"])
        self.save_so_far(reply, "An otter and a heron")
        self.end(reply, "An otter and a badger.")
        self.assertEqual(self.found("badger"), ["An otter and a badger."])
        self.assertEqual(self.found("heron"), [])

    def test_both_versions_of_a_question_and_of_a_reply_are_found(self):
        posted = self.post("The first walrus")
        self.end(posted.reply, "One walrus.")
        edit_message(
            user=self.alice,
            message=posted.question,
            text="The second walrus",
            client_id=uuid.uuid4(),
        )
        reply = Message.objects.select_related(
            "conversation", "generation__persona_version__persona"
        ).get(pk=posted.reply.pk)
        self.end(regenerate_reply(user=self.alice, reply=reply), "Two walrus.")
        found = set(self.found("walrus"))
        self.assertLessEqual(
            {"The first walrus", "The second walrus", "One walrus.", "Two walrus."},
            found,
        )

    def test_a_title_is_found_and_a_new_one_replaces_it(self):
        self.assertEqual(self.found("talk"), ["A talk"])
        Conversation.objects.filter(pk=self.conversation.pk).update(title="Puffins")
        self.assertEqual(self.found("talk"), [])
        self.assertEqual(self.found("puffins"), ["Puffins"])

    def test_rows_that_are_brought_in_at_once_are_found(self):
        talk = make_conversation(self.alice, self.persona, title="Brought")
        made = Message.objects.bulk_create(
            Message(conversation=talk, role=role, text=f"A lemur, {role}")
            for role in ("user", "assistant")
        )
        Generation.objects.create(
            message=made[1],
            persona_version=self.persona.version,
            state=State.FINISHED,
        )
        self.assertEqual(len(self.found("lemur")), 2)

    def test_what_is_undone_was_never_found(self):
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            self.post("A quokka")
            raise ZeroDivisionError
        self.assertEqual(self.found("quokka"), [])

    def test_what_is_in_the_bin_is_not_found_until_it_is_back(self):
        rows = Conversation.objects.filter(pk=self.conversation.pk)
        rows.update(deleted_at=timezone.now())
        self.assertEqual(self.found("water"), [])
        rows.update(deleted_at=None)
        self.assertEqual(self.found("water"), ["What is water?"])

    def test_a_temporary_conversation_is_not_in_the_index(self):
        talk = make_conversation(
            self.alice, self.persona, title="Secret", expires_at=timezone.now()
        )
        add_turn(talk, "A secret gecko", "Yes.")
        self.assertEqual(self.found("gecko"), [])
        self.assertEqual(self.found("secret"), [])
        Conversation.objects.filter(pk=talk.pk).update(expires_at=None)
        self.assertEqual(self.found("gecko"), ["A secret gecko"])
        Conversation.objects.filter(pk=talk.pk).update(expires_at=timezone.now())
        self.assertEqual(self.found("gecko"), [])

    def test_an_enormous_text_is_saved_and_found_by_its_first_words(self):
        long_words = (f"{number:x}{'𐐨' * 60}" for number in range(5000))
        for number, text in enumerate(
            (
                " ".join(f"word{number}" for number in range(40_000)),
                "x" * 1_000_000,
                " ".join(long_words),
                "天气" * 100_000,
                "".join(map(chr, range(0x4E00, 0x9FFF))) * 5,
                "\ufdfa" * 50_000,
            )
        ):
            with self.subTest(text[:10]):
                Message.objects.create(
                    conversation=self.conversation,
                    role="user",
                    text=f"Walrus{number} {text}",
                )
                self.assertTrue(self.found(f"walrus{number}"))

    def test_what_is_removed_leaves_nothing(self):
        before = self.entries()
        talk = make_conversation(self.bob, self.persona, title="An ibex")
        add_turn(talk, "The ibex?", "An ibex.")
        self.assertEqual(self.entries(), before + 3)
        talk.delete()
        self.assertEqual(self.entries(), before)
        self.assertEqual(self.words_left("ibex"), 0)

    def test_an_account_that_is_removed_leaves_nothing(self):
        talk = make_conversation(self.bob, self.persona, title="An ibex")
        add_turn(talk, "The ibex?", "An ibex.")
        self.bob.delete()
        self.assertEqual(self.words_left("ibex"), 0)

    def entries(self):
        return self.value("SELECT count(*) FROM conversations_search_entry")

    def words_left(self, word):
        if connection.vendor == "sqlite":
            match = "conversations_search WHERE conversations_search MATCH"
        else:
            match = "conversations_search_entry WHERE words @@"
        return self.value(f"SELECT count(*) FROM {match} '{word}'")

    def value(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]


class CheckTests(ChatTestCase):
    def command(self, *arguments):
        said = StringIO()
        call_command("reindex_search", *arguments, stdout=said)
        return said.getvalue()

    def without_triggers(self, sql, *values):
        index.engine_of(connection).release(connection)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        index.engine_of(connection).attach(connection)

    def assert_mended(self, text):
        with self.assertRaisesMessage(CommandError, text) as caught:
            self.command("--check")
        self.assertEqual(caught.exception.returncode, 1)
        self.command()
        self.assertIn("every text", self.command("--check"))
        self.assertTrue(find(self.alice, "drink").groups)

    def test_all_is_well(self):
        self.assertIn("every text", self.command("--check"))

    def test_a_text_that_went_past_the_index_is_noticed_and_mended(self):
        self.without_triggers(
            "UPDATE conversations_message SET text = 'Else, a drink' WHERE id = %s",
            self.question.pk,
        )
        self.assert_mended("1 changed")
        self.assertTrue(find(self.alice, "else").groups)

    def test_a_text_that_is_missing_is_noticed_and_mended(self):
        self.without_triggers(
            "INSERT INTO conversations_message (conversation_id, role, text, html,"
            " reasoning, reasoning_html, renderer_version, created_at)"
            " SELECT conversation_id, role, 'New', '', '', '', 0, created_at"
            " FROM conversations_message WHERE id = %s",
            self.question.pk,
        )
        self.assert_mended("1 text missing")

    def test_a_text_that_is_gone_is_noticed_and_mended(self):
        talk = make_conversation(self.alice, self.persona, title="Gone")
        self.without_triggers(
            "DELETE FROM conversations_conversation WHERE title = %s", talk.title
        )
        self.assert_mended("1 changed")

    def test_it_says_how_far_it_is(self):
        said = self.command()
        self.assertIn("100 %", said)
        self.assertIn("Indexed: 3 texts", said)


class FlushTests(TransactionTestCase):
    def test_an_emptied_database_has_an_empty_index(self):
        owner = User.objects.create_user("dora")
        talk = make_conversation(owner, make_persona("flushed"), title="A tapir")
        Message.objects.create(conversation=talk, role="user", text="A tapir")
        self.assertEqual(find(owner, "tapir").count, 1)
        operations = type(connection.ops)
        flush = inspect.unwrap(operations.sql_flush)
        with mock.patch.object(operations, "sql_flush", flush):
            call_command("flush", interactive=False, verbosity=0)
        self.assertFalse(index.check(connection))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM conversations_search_entry")
            self.assertEqual(cursor.fetchone(), (0,))
