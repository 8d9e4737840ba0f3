"""What administrators did is written down, in order, and stays as it was written."""

import io

from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from conversations.actions.audit import CHANGED, MOST_CHARACTERS, record_act
from conversations.models import AuditEntry, append_only
from conversations.models.audit import AuditChain, first_broken
from tests.base import ChatTestCase

TABLE = AuditEntry._meta.db_table


class RecordTests(ChatTestCase):
    def test_an_entry_says_who_did_what_to_what_and_why(self):
        self.bob.is_staff = True
        entry = record_act(
            self.bob,
            "persona.changed",
            self.persona,
            {"name": ["Helper", "Friend"], "groups": [[], ["Staff"]], "key": CHANGED},
            reason="They asked.",
        )
        entry.refresh_from_db()
        self.assertEqual((entry.actor_id, entry.actor_name), (self.bob.pk, "bob"))
        self.assertEqual(entry.target_kind, "persona")
        self.assertEqual(entry.target_id, str(self.persona.pk))
        self.assertEqual(entry.target_name, "Helper")
        self.assertEqual(entry.changes["groups"], [[], ["Staff"]])
        self.assertEqual(entry.changes["key"], "changed")
        self.assertEqual(entry.reason, "They asked.")

    def test_a_name_that_is_a_persons_own_is_not_kept(self):
        entry = record_act(self.alice, "user.changed", self.carol)
        self.assertEqual((entry.actor_name, entry.target_name), ("", ""))
        self.assertEqual(entry.target_id, str(self.carol.pk))

    def test_what_acts_without_an_account_has_a_name(self):
        entry = record_act("export_chats", "conversations.exported", None)
        self.assertEqual((entry.actor_id, entry.actor_name), (None, "export_chats"))

    def test_whatever_the_values_are_the_chain_holds(self):
        odd = {"a": [0.1, 1e300], "b": ["\0\ud800", None], "c": [True, "é" * 2000]}
        entry = record_act("a test", "thing.changed", "x" * 300, odd, reason="\0")
        self.assertIsNone(first_broken())
        entry.refresh_from_db()
        self.assertEqual(len(entry.changes["c"][1]), MOST_CHARACTERS)

    def test_an_act_that_is_taken_back_leaves_nothing(self):
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            record_act("a test", "thing.changed", None)
            raise ZeroDivisionError
        record_act("a test", "thing.changed", None)
        self.assertEqual(AuditEntry.objects.get().number, 1)
        self.assertIsNone(first_broken())


class RefusalTests(ChatTestCase):
    """The database itself refuses, whoever asks and however."""

    def setUp(self):
        self.entry = record_act("a test", "thing.changed", None)

    def refuses(self, statement, *values):
        with self.assertRaises(IntegrityError), transaction.atomic():
            connection.cursor().execute(statement, values)

    def test_changes(self):
        self.refuses(f"UPDATE {TABLE} SET verb = 'thing.praised'")
        with self.assertRaises(IntegrityError), transaction.atomic():
            AuditEntry.objects.update(reason="Another.")

    def test_removals(self):
        self.refuses(f"DELETE FROM {TABLE}")
        with self.assertRaises(IntegrityError), transaction.atomic():
            self.entry.delete()

    def test_saving_it_again(self):
        self.entry.verb = "thing.praised"
        with self.assertRaises(IntegrityError), transaction.atomic():
            self.entry.save()

    def test_emptying_and_replacing(self):
        if connection.vendor == "postgresql":
            self.refuses(f"TRUNCATE {TABLE}")
        else:
            self.refuses(f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}")

    def test_also_after_the_next_migration(self):
        plan = [("a migration", False)]
        arguments = {"sender": None, "using": "default", "plan": plan}
        append_only.before_migrating(**arguments)
        append_only.after_migrating(**arguments)
        self.test_changes()
        self.test_removals()


class VerifyTests(ChatTestCase):
    def setUp(self):
        for name in ("One", "Two", "Three"):
            record_act("a test", "group.added", Group.objects.create(name=name))
        with connection.cursor() as cursor:  # as somebody who may do anything
            for statement in append_only.releasing(connection):
                cursor.execute(statement)

    def verify(self):
        said = io.StringIO()
        call_command("verify_audit", stdout=said)
        return said.getvalue()

    def fails_at(self, number, fault):
        with self.assertRaises(CommandError) as caught:
            self.verify()
        self.assertEqual(caught.exception.returncode, 1)
        self.assertEqual(
            str(caught.exception), f"Entry {number} of the audit log {fault}."
        )

    def test_a_whole_one_is_named_by_its_last_seal(self):
        last = AuditEntry.objects.first()
        self.assertIn(f"3 entries, sealed {last.hash}", self.verify())

    def test_an_empty_one(self):
        AuditEntry.objects.all().delete()
        AuditChain.objects.all().delete()
        self.assertIn("empty", self.verify())

    def test_an_entry_that_was_changed(self):
        for field, value in (
            ("verb", "group.praised"),
            ("actor_name", "nobody"),
            ("changes", {"name": ["a", "b"]}),
            ("reason", "None."),
            ("target_id", "7"),
        ):
            with self.subTest(field):
                kept = AuditEntry.objects.get(number=2)
                AuditEntry.objects.filter(number=2).update(**{field: value})
                self.fails_at(2, "was changed")
                AuditEntry.objects.filter(number=2).update(
                    **{field: getattr(kept, field)}
                )
        self.verify()

    def test_an_entry_that_was_sealed_anew(self):
        """Whoever seals it again breaks the one after it."""
        first, entry = AuditEntry.objects.filter(number__lte=2).order_by("number")
        entry.verb = "group.praised"
        seal = entry.sealed_after(first.hash)
        AuditEntry.objects.filter(number=2).update(verb=entry.verb, hash=seal)
        self.fails_at(3, "was changed")

    def test_an_entry_that_is_gone(self):
        AuditEntry.objects.filter(number=2).delete()
        self.fails_at(2, "is missing")

    def test_the_last_ones_gone(self):
        AuditEntry.objects.filter(number__gte=2).delete()
        self.fails_at(2, "is missing")

    def test_an_entry_that_was_slipped_in(self):
        last = AuditEntry.objects.first()
        entry = AuditEntry(number=4, verb="group.praised")
        entry.hash = entry.sealed_after(last.hash)
        entry.save()
        self.fails_at(4, "was not written by the site")
