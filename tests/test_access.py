"""Every address of the site × who asks: what is not yours is not there.

The table is tests/address_rows.py, held against the URL configuration: a new address
that has no row fails.
"""

import re
import uuid

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from conversations.models import Conversation, LanguageModel, Notice
from conversations.transfer import files as transfer_files
from tests.address_rows import (
    ADDRESSES,
    BY_MESSAGE,
    LINK,
    OWN,
    OWNER,
    PLACE,
    READER,
    TOGETHER,
)
from tests.base import ChatTestCase

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class AddressTableTests(TestCase):
    def test_every_address_has_its_row(self):
        resolver = get_resolver("conversations.urls")
        names = {name for name in resolver.reverse_dict if isinstance(name, str)}
        self.assertEqual(names, set(ADDRESSES))


class AccessTests(ChatTestCase):
    def arguments(self, name, conversation, message):
        if name == "persona_avatar":
            return [self.persona.slug]
        if name == "persona_version":
            return [self.persona.slug, 1]
        if name in ("share_renew", "share_revoke"):
            return [self.share_of(conversation)]
        if name == "administrator_create":
            return ["made-up"]
        if name == "settings_save":
            return ["theme"]
        if name == "session_end":
            return [self.session_of(conversation)]
        if name == "notice_dismiss":
            return [self.notice_of(conversation)]
        if name in ("snippet_edit", "snippet_remove"):
            return [self.snippet_of(conversation)]
        return self.owned(name, conversation, message) if self.is_owned(name) else []

    def is_owned(self, name):
        return ADDRESSES[name][0] in (OWNER, TOGETHER, PLACE, READER)

    def owned(self, name, conversation, message):
        """What names it in the address: most often it is a conversation."""
        if name.startswith("transfer_"):
            return [self.transfer_of(conversation)]
        if name.startswith("folder_"):
            return [self.folder_of(conversation)]
        if name == "conversation_export":
            return [conversation, "json"]
        if name == "participant_remove":
            return [conversation, self.place_of(conversation)]
        by_message = name.startswith(BY_MESSAGE)
        return [conversation, message] if by_message else [conversation]

    def folder_of(self, conversation):
        """A folder of whoever has that conversation; 0, which none is, of nobody."""
        known = Conversation.objects.filter(pk=conversation).first()
        return known.owner.folders.get_or_create(name="A folder")[0].pk if known else 0

    def prepare(self, name):
        """Have the conversation in the bin for what is done there, else out of it."""
        in_bin = name in ("conversation_restore", "conversation_delete")
        moment = timezone.now() if in_bin else None
        Conversation.objects.update(deleted_at=moment)

    def share_of(self, conversation):
        """A link that alice made; 0, which none is, to a conversation of nobody."""
        known = Conversation.objects.filter(pk=conversation).first()
        fields = {"author": self.alice, "title": "A talk", "content": []}
        return known.shares.get_or_create(defaults=fields)[0].pk if known else 0

    def place_of(self, conversation):
        """Carol's in alice's conversation; 0, which none is, in one of nobody."""
        known = Conversation.objects.filter(pk=conversation).first()
        if known is None:
            return 0
        return known.participants.get_or_create(user=self.carol)[0].pk

    def session_of(self, conversation):
        """Where alice is signed in; 0, nowhere, for a conversation of nobody."""
        if not Conversation.objects.filter(pk=conversation, owner=self.alice).exists():
            return 0
        fields = {"session_key": "elsewhere", "user": self.alice, "ip": "127.0.0.1"}
        return UserSession.objects.get_or_create(**fields)[0].pk

    def snippet_of(self, conversation):
        """A prompt of alice's; 0, which none is, for a conversation of nobody."""
        if not Conversation.objects.filter(pk=conversation).exists():
            return 0
        fields = {"name": "hello", "text": "Hi"}
        return self.alice.snippets.get_or_create(**fields)[0].pk

    def notice_of(self, conversation):
        """One that alice alone sees; 0, which none is, for a conversation of nobody."""
        if not Conversation.objects.filter(pk=conversation, owner=self.alice).exists():
            return 0
        group = Group.objects.get_or_create(name="Alice's")[0]
        group.user_set.add(self.alice)
        notice = Notice.objects.get_or_create(text="Hi", audience="groups")[0]
        notice.groups.add(group)
        return notice.pk

    def transfer_of(self, conversation):
        """A ZIP that alice had made; for a conversation of nobody, one of nobody."""
        if not Conversation.objects.filter(pk=conversation).exists():
            return uuid.uuid4()
        (transfer_files.folder() / "made.zip").write_bytes(b"PK")
        fields = {"kind": "export", "state": "done", "result_file": "made.zip"}
        return self.alice.transfers.get_or_create(**fields)[0].pk

    def ask(self, name, *, conversation=None, message=None):
        conversation = conversation or self.conversation.pk
        self.prepare(name)
        arguments = self.arguments(name, conversation, message or self.reply.pk)
        _, method, data = ADDRESSES[name]
        kind = {"content_type": "application/json"} if name.endswith("frames") else {}
        url = reverse(f"conversations:{name}", args=arguments)
        return getattr(self.client, method)(url, data, **kind)

    def names(self, *kinds):
        return [name for name, row in ADDRESSES.items() if row[0] in kinds]

    def test_who_is_not_signed_in_is_sent_to_sign_in(self):
        for name in self.names(OWN, OWNER, TOGETHER, PLACE, READER):
            with self.subTest(name):
                response = self.ask(name)
                self.assertEqual(response.status_code, 302)
                self.assertTrue(response.url.startswith("/accounts/login/"))

    def test_another_person_gets_404(self):
        self.client.force_login(self.bob)
        for name in self.names(OWNER, TOGETHER, PLACE, READER):
            with self.subTest(name):
                self.assertEqual(self.ask(name).status_code, 404)

    def take_part(self, user):
        now = timezone.now()
        self.conversation.participants.create(user=user, joined_at=now)

    def test_who_takes_part_gets_what_is_for_all_and_no_more(self):
        self.take_part(self.bob)
        self.client.force_login(self.bob)
        for name in self.names(TOGETHER):
            before = transaction.savepoint()
            with self.subTest(name):
                self.assertIn(self.ask(name).status_code, (200, 302))
            transaction.savepoint_rollback(before)
        for name in self.names(OWNER, READER):
            with self.subTest(name):
                self.assertEqual(self.ask(name).status_code, 404)

    def test_who_was_removed_gets_404_again(self):
        self.take_part(self.bob)
        self.client.force_login(self.bob)
        self.assertEqual(self.ask("conversation_detail").status_code, 200)
        self.conversation.participants.all().delete()
        for name in self.names(OWNER, TOGETHER, PLACE, READER):
            with self.subTest(name):
                self.assertEqual(self.ask(name).status_code, 404)

    def test_staff_get_404_too(self):
        self.bob.is_staff = self.bob.is_superuser = True
        self.bob.save()
        self.test_another_person_gets_404()

    def test_who_has_a_link_to_it_gets_404(self):
        share = self.conversation.shares.create(
            author=self.alice, title="A talk", content=[], audience="chosen"
        )
        share.readers.add(self.bob)
        self.client.force_login(self.bob)
        self.assertEqual(self.client.get(share.get_absolute_url()).status_code, 200)
        for name in self.names(OWNER, TOGETHER, PLACE, READER):
            with self.subTest(name):
                self.assertEqual(self.ask(name).status_code, 404)

    def test_a_message_is_found_in_its_own_conversation_only(self):
        """Bob's own conversation with alice's message, and the other way round."""
        self.client.force_login(self.bob)
        mine = self.conversation.__class__.objects.create(
            owner=self.bob,
            persona=self.persona,
            title="Mine",
            updated_at=self.conversation.updated_at,
        )
        for name in self.names(OWNER, TOGETHER):
            if not name.startswith(BY_MESSAGE):
                continue
            with self.subTest(name):
                response = self.ask(name, conversation=mine.pk)
                self.assertEqual(response.status_code, 404)

    def test_owner_gets_what_is_theirs(self):
        self.client.force_login(self.alice)
        for name in self.names(OWN, OWNER, TOGETHER):
            if name == "persona_avatar":  # this persona has no image
                continue
            before = transaction.savepoint()
            with self.subTest(name):
                self.assertIn(self.ask(name).status_code, (200, 302))
            transaction.savepoint_rollback(before)  # what is deleted is there again

    def test_nothing_of_others_stands_on_ones_own_pages(self):
        self.client.force_login(self.bob)
        for name in ("conversation_new", "conversation_list"):
            with self.subTest(name):
                self.assertNotContains(self.ask(name), self.conversation.title)
                self.assertNotContains(self.ask(name), str(self.conversation.pk))

    def test_unknown_conversations_are_not_there(self):
        self.client.force_login(self.alice)
        for name in self.names(OWNER, TOGETHER):
            if name == "message_send":  # the first message makes the conversation
                continue
            with self.subTest(name):
                response = self.ask(name, conversation=uuid.uuid4())
                self.assertEqual(response.status_code, 404)

    def test_get_changes_nothing(self):
        """Wherever it is asked; what is done to a row refuses it."""
        token = self.conversation.shares.create(
            author=self.alice, title="A talk", content=[]
        ).token
        by_link = {"share_avatar": [token, self.persona.slug]}
        LanguageModel.objects.default()  # made where it is first asked for
        self.client.force_login(self.alice)
        for name, (kind, method, _data) in ADDRESSES.items():
            self.prepare(name)
            if kind == LINK:
                arguments = by_link.get(name, [token])
            else:
                arguments = self.arguments(name, self.conversation.pk, self.reply.pk)
            url = reverse(f"conversations:{name}", args=arguments)
            with self.subTest(name), CaptureQueriesContext(connection) as queries:
                response = self.client.get(url)
                if method == "post" and kind in (OWNER, TOGETHER):
                    self.assertEqual(response.status_code, 405)
            changes = [query["sql"] for query in queries if WRITES.match(query["sql"])]
            self.assertEqual(changes, [], name)
