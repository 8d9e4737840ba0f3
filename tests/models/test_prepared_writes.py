"""What is added and changed by a kept statement is as if it had been saved."""

import uuid
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from conversations.models import Conversation, Generation, Message
from conversations.models.prepared_writes import PreparedUpdate, insert
from tests.base import ChatTestCase

NOON = datetime(2026, 5, 17, 12, tzinfo=UTC)


@PreparedUpdate
def of_owner(owner_id, since):
    return Conversation.objects.filter(owner=owner_id, created_at__gte=since)


class InsertTests(ChatTestCase):
    def new_question(self, text, **fields):
        return Message(
            conversation=self.conversation,
            parent=self.reply,
            role=Message.Role.USER,
            author=self.alice,
            text=text,
            **fields,
        )

    def test_a_row_is_there_with_its_key_in_one_query(self):
        rows = [
            self.new_question("One"),
            self.new_question("Two", client_id=uuid.uuid4()),
        ]
        for row in rows:
            with self.assertNumQueries(1):
                insert(row)
            found = Message.objects.get(pk=row.pk)
            for field in Message._meta.concrete_fields:
                name = field.attname
                self.assertEqual(getattr(found, name), getattr(row, name), name)

    def test_it_can_be_saved_again(self):
        row = self.new_question("One")
        insert(row)
        row.text = "Another"
        row.save()
        self.assertEqual(Message.objects.get(pk=row.pk).text, "Another")

    def test_what_the_database_fills_in_is_known(self):
        row = Conversation(
            pk=uuid.uuid4(),
            owner=self.alice,
            persona=self.persona,
            title="Water",
            updated_at=NOON,
        )
        insert(row)
        self.assertEqual((row.imported_from, row.leaves), ("", {}))
        row.refresh_from_db()
        self.assertEqual((row.title, row.updated_at), ("Water", NOON))

    def saved_generation(self, **fields):
        question = self.new_question("Why?")
        insert(question)
        reply = Message(
            conversation=self.conversation,
            parent=question,
            role=Message.Role.ASSISTANT,
        )
        insert(reply)
        generation = Generation(
            message=reply, persona_version=self.persona.version, **fields
        )
        insert(generation)
        return Generation.objects.get(pk=generation.pk)

    def test_an_expression_is_computed_by_the_database(self):
        before = timezone.now()
        for heartbeat_at in (Now(), None, NOON):
            found = self.saved_generation(heartbeat_at=heartbeat_at).heartbeat_at
            if isinstance(heartbeat_at, Now):
                self.assertLess(abs((found - before).total_seconds()), 3600)
            else:
                self.assertEqual(found, heartbeat_at)

    def test_the_same_expression_is_each_column_s_own(self):
        for name, other in (("started_at", "ended_at"), ("ended_at", "started_at")):
            found = self.saved_generation(**{name: Now(), other: NOON})
            with self.subTest(name=name):
                self.assertEqual(getattr(found, other), NOON)
                self.assertNotEqual(getattr(found, name), NOON)

    def test_what_is_there_already_is_refused(self):
        client_id = uuid.uuid4()
        insert(self.new_question("One", client_id=client_id))
        with self.assertRaises(IntegrityError), transaction.atomic():
            insert(self.new_question("Two", client_id=client_id))


class UpdateTests(ChatTestCase):
    def test_it_changes_the_rows_of_its_query_and_counts_them(self):
        with self.assertNumQueries(1):
            count = of_owner(self.alice.pk, NOON.replace(year=2000), title="Rain")
        self.assertEqual(count, 1)
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.title, "Rain")

    def test_each_call_has_its_own_columns_and_values(self):
        old = NOON.replace(year=2000)
        of_owner(self.alice.pk, old, title="Rain", head=self.reply.pk)
        of_owner(self.alice.pk, old, leaves={"1": 2}, read_at=NOON, head=None)
        self.conversation.refresh_from_db()
        found = self.conversation
        self.assertEqual((found.title, found.head_id), ("Rain", None))
        self.assertEqual((found.leaves, found.read_at), ({"1": 2}, NOON))

    def test_what_the_query_leaves_out_stays(self):
        title = self.conversation.title
        self.assertEqual(of_owner(self.bob.pk, NOON, title="Theirs"), 0)
        later = NOON.replace(year=2100)
        self.assertEqual(of_owner(self.alice.pk, later, title="Later"), 0)
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.title, title)
