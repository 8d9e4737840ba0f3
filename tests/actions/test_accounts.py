"""Who leaves is gone: from every table, the index, the files, the caches, the logs."""

import io
import uuid
from unittest import mock

from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.actions import accounts
from conversations.actions.accounts import erase_removed, remove_account
from conversations.actions.feedback import give_feedback
from conversations.actions.participants import invite_person, join_conversation
from conversations.actions.reports import report_message
from conversations.actions.shares import create_share
from conversations.actions.snippets import save_snippet
from conversations.models import (
    AuditEntry,
    Conversation,
    Message,
    Report,
    Share,
    Snippet,
    UnsentText,
    UsageEntry,
    User,
)
from conversations.search import find, index
from conversations.transfer import files
from tests.base import PASSWORD, add_turn, make_conversation

from ..admin.base import AdminTestCase

CANARY = "zyzzyvarian"  # in everything that is hers


class ErasedTests(AdminTestCase):
    """Dora leaves. Bob is the administrator, alice somebody she talked with."""

    def setUp(self):
        super().setUp()
        self.dora = User.objects.create_user(
            f"dora-{CANARY}", f"dora@{CANARY}.example", PASSWORD, first_name=CANARY
        )
        self.talk = make_conversation(self.dora, self.persona, title=f"My {CANARY}")
        self.asked, self.told = add_turn(self.talk, f"A {CANARY}?", f"The {CANARY}.")

    def leave(self):
        remove_account(User.objects.get(pk=self.dora.pk))
        self.erase()

    def be_removed(self):
        """Leave as an administrator has her leave."""
        url = reverse("admin:conversations_user_delete", args=[self.dora.pk])
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(url, {"post": "yes"})
        self.erase()

    def erase(self):
        while erase_removed():
            pass
        there_is_more = index.purge(begins=True)
        while there_is_more:
            there_is_more = index.purge()

    def tables(self):
        """Yield the name and the rows of every table there is, as text."""
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                yield table, "\n".join(map(str, cursor.fetchall()))

    def assert_gone(self):
        for table, rows in self.tables():
            with self.subTest(table):
                self.assertNotIn(CANARY, rows)
        self.assertFalse(User.objects.filter(pk=self.dora.pk).exists())
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.fields:
                if field.related_model is User:
                    with self.subTest(f"{model.__name__}.{field.name}"):
                        lost = {f"{field.name}_id": self.dora.pk}
                        self.assertFalse(model.objects.filter(**lost).exists())

    def test_her_words_wherever_she_put_them(self):
        self.dora.folders.create(name=f"Folder {CANARY}")
        save_snippet(snippet=Snippet(owner=self.dora), name=CANARY, text=CANARY)
        UnsentText.objects.create(
            user=self.dora,
            conversation_id=uuid.uuid4(),
            text=CANARY,
            written_at=timezone.now(),
        )
        give_feedback(user=self.dora, reply=self.told, verdict="bad", note=CANARY)
        report_message(user=self.dora, message=self.told, reason="other", note=CANARY)
        link = create_share(
            user=self.dora, conversation=self.talk, audience="anyone"
        ).get_absolute_url()
        self.leave()
        self.assert_gone()
        self.assertEqual(find(self.bob, CANARY).count, 0)
        self.assertFalse(index.check(connection))
        self.assertEqual(self.client.get(link).status_code, 404)

    def test_her_files(self):
        before = set(files.folder().iterdir())
        for kind, field in (("export", "result_file"), ("import", "source_file")):
            name = f"{uuid.uuid4()}.zip"
            (files.folder() / name).write_text(CANARY)
            named = {field: name, "source_name": f"{CANARY}.zip"}
            self.dora.transfers.create(kind=kind, state="done", **named)
        with self.captureOnCommitCallbacks(execute=True):
            self.leave()
        self.assertEqual(set(files.folder().iterdir()), before)
        self.assert_gone()

    def test_her_name_in_what_others_keep(self):
        for leave in (self.leave, self.be_removed):
            with self.subTest(leave.__name__), transaction.atomic():
                self.check_what_others_keep(leave)
                transaction.set_rollback(True)

    def check_what_others_keep(self, leave):
        invite_person(conversation=self.conversation, name=self.dora.username)
        join_conversation(place=self.dora.participations.get())
        message = Message.objects.create(
            conversation=self.conversation,
            parent=self.reply,
            role=Message.Role.USER,
            author=self.dora,
            text="Hello",
        )
        create_share(
            user=self.alice,
            conversation=self.conversation,
            audience="anyone",
            shows_author=True,
            head_id=message.pk,
        )
        report_message(user=self.alice, message=message, reason="other")
        for kept in (Share, Report):
            self.assertIn(CANARY, str(kept.objects.get().content))
        leave()
        self.assert_gone()
        self.assertEqual(Report.objects.get().content[-1]["text"], "Hello")

    def test_her_former_name_and_a_report_whose_conversation_is_gone(self):
        """What she was called when a link was taken, nobody knows any more."""
        invite_person(conversation=self.conversation, name=self.dora.username)
        join_conversation(place=self.dora.participations.get())
        said = self.conversation.messages.create(
            parent=self.reply, role=Message.Role.USER, author=self.dora, text="Hello"
        )
        shared = {"audience": "anyone", "shows_author": True, "head_id": said.pk}
        create_share(user=self.alice, conversation=self.conversation, **shared)
        report = report_message(user=self.alice, message=said, reason="other")
        Report.objects.filter(pk=report.pk).update(conversation=None)
        self.dora.first_name = "Dorothea"
        self.dora.save()
        report.content[-1]["author"] = self.dora.username
        report.save(update_fields=["content"])
        self.leave()
        self.assert_gone()
        authors = [item["author"] for item in Share.objects.get().content]
        self.assertEqual(authors[0], "alice")

    def test_her_name_in_what_administrators_did_to_her(self):
        url = reverse("admin:conversations_user_change", args=[self.dora.pk])
        data = {"username": self.dora.username, "is_active": "on", "first_name": CANARY}
        choices = {"theme": "dark", "text_size": "normal", "send_key": "enter"}
        self.client.post(url, data | choices)
        self.assertFalse(LogEntry.objects.exists())
        LogEntry.objects.log_actions(self.bob.pk, [self.dora], CHANGE)  # as of old
        self.assertEqual(AuditEntry.objects.get().target_id, str(self.dora.pk))
        self.leave()
        self.assert_gone()

    def test_nobody_can_take_the_name_she_has_meanwhile(self):
        with mock.patch.object(accounts, "FIRST_BATCHES", 0):
            remove_account(self.dora)
        self.dora.refresh_from_db()
        with self.assertRaises(ValidationError):
            User._meta.get_field("username").run_validators(self.dora.username)

    def test_what_she_spent_counts_on_without_her(self):
        UsageEntry.objects.create(
            user=self.dora, persona=self.persona, purpose="reply", cost_micros=7
        )
        self.leave()
        entry = UsageEntry.objects.get()
        self.assertEqual((entry.user, entry.cost_micros), (None, 7))
        self.assert_gone()

    def kept_for_a_while(self):
        """All that the cache of the site holds, as text."""
        store = cache._cache
        if isinstance(store, dict):
            return repr(store)
        client = store.get_client(write=True)
        ours = client.scan_iter(match=f"{cache.key_prefix}:*")
        return repr([(key, client.get(key)) for key in ours])

    def test_her_name_and_words_are_in_no_cache(self):
        """What is counted there counts by the number of an account that is gone."""
        cache.clear()
        browser = Client()
        for login in (self.dora.username, self.dora.email):
            for password in ("wrong", PASSWORD):
                form = {"login": login, "password": password}
                browser.post(reverse("account_login"), form)
        self.assertIn("_auth_user_id", browser.session)
        here, url = [self.talk.pk], "conversations:participant_invite"
        browser.post(reverse(url, args=here), {"name": CANARY})
        browser.get(reverse("conversations:search_list"), {"q": CANARY})
        say = {"text": CANARY, "parent": self.told.pk, "client_id": uuid.uuid4()}
        browser.post(reverse("conversations:message_send", args=here), say)
        self.client.get(reverse("admin:index"))
        kept = self.kept_for_a_while()
        for noted in ("invite.", "limit.searches", "limit.messages", "overview.day"):
            self.assertIn(noted, kept)
        self.assertNotIn(CANARY, kept)

    def test_nothing_of_others(self):
        self.leave()
        self.assertTrue(Conversation.objects.filter(owner=self.alice).exists())
        self.assertEqual(self.conversation.messages.count(), 2)


class ExportTests(AdminTestCase):
    def test_an_export_by_command_is_in_the_audit_log(self):
        path = files.folder() / f"{uuid.uuid4()}.json"
        self.addCleanup(path.unlink)
        call_command(
            "export_chats", "alice", output=path, format="json", stdout=io.StringIO()
        )
        entry = AuditEntry.objects.get()
        self.assertEqual(entry.verb, "conversations.exported")
        self.assertEqual(entry.target_id, str(self.alice.pk))
        self.assertEqual(entry.changes, {"conversations": [None, 1]})
