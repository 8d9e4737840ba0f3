"""Nobody in charge reads unseen: a right, a reason, an hour, and the owner knows."""

from datetime import timedelta
from unittest import mock

from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conversations.actions.reports import report_message
from conversations.models import AuditEntry, ChatRead, Conversation, SiteSettings
from conversations.models.audit import first_broken
from tests.base import ChatTestCase, add_turn

REASON = "A parent asked about water."


class ReadingTestCase(ChatTestCase):
    """Carol is in charge; what of, the policy says. Bob is an administrator."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.bob.is_staff = cls.bob.is_superuser = True
        cls.bob.save()
        guards = Group.objects.create(name="Guards")
        guards.permissions.add(Permission.objects.get(codename="read_conversation"))
        cls.carol.groups.add(guards)
        cls.ask = reverse("conversations:chat_read_create", args=[cls.conversation.pk])
        cls.url = reverse("conversations:chat_read_detail", args=[cls.conversation.pk])
        cls.list = reverse("conversations:chat_read_list")

    def policy(self, policy):
        SiteSettings(reading_policy=policy).save()

    def read(self, user, reason=REASON):
        self.client.force_login(user)
        return self.client.post(self.ask, {"reason": reason})


class PolicyTests(ReadingTestCase):
    def assert_closed(self, *users):
        for user in users:
            self.client.force_login(user)
            for url in (self.ask, self.url):
                with self.subTest(user=user, url=url):
                    self.assertEqual(self.client.get(url).status_code, 404)
            self.assertEqual(self.read(user).status_code, 404)
        self.assertFalse(ChatRead.objects.exists())

    def test_nobody_is_what_holds_until_a_site_decides(self):
        self.assert_closed(self.alice, self.bob, self.carol)

    def test_nobody_means_nobody_with_whatever_rights(self):
        self.policy("nobody")
        report_message(user=self.alice, message=self.reply, reason="other")
        self.assert_closed(self.bob, self.carol)

    def test_on_report_needs_a_report(self):
        self.policy("reported")
        self.assert_closed(self.bob, self.carol)

    def test_roles_are_those_with_the_right(self):
        self.policy("roles")
        self.carol.groups.clear()
        self.assert_closed(self.alice, self.carol)
        self.assertRedirects(self.read(self.bob), self.url)

    def test_what_is_in_the_bin_is_not_read(self):
        self.policy("roles")
        Conversation.objects.update(deleted_at=timezone.now())
        self.assert_closed(self.bob, self.carol)

    def test_who_is_not_signed_in_is_sent_to_sign_in(self):
        self.policy("roles")
        for url in (self.ask, self.url):
            with self.subTest(url):
                response = self.client.get(url)
                self.assertTrue(response.url.startswith("/accounts/login/"))

    def test_it_stands_on_every_conversation(self):
        self.client.force_login(self.alice)
        for policy, line in (
            ("nobody", "Nobody in charge of this site reads it here."),
            ("reported", "moderators may read it with a reason"),
            ("roles", "Those in charge may read it if they give a reason"),
        ):
            with self.subTest(policy):
                self.policy(policy)
                response = self.client.get(self.conversation.get_absolute_url())
                self.assertContains(response, line)


class ReadTests(ReadingTestCase):
    def setUp(self):
        self.policy("roles")

    def test_without_a_reason_nothing_opens(self):
        for reason in ("", " \n "):
            with self.subTest(reason):
                self.assertEqual(self.read(self.carol, reason).status_code, 422)
        self.assertRedirects(self.client.get(self.url), self.ask)
        self.assertFalse(ChatRead.objects.exists())

    def test_it_opens_to_be_read_and_no_more(self):
        response = self.read(self.carol)
        self.assertRedirects(response, self.url)
        page = self.client.get(self.url)
        self.assertContains(page, "<strong>drink</strong>")
        self.assertContains(page, "What is water?")
        self.assertNotContains(page, "<form")
        self.assertNotContains(page, "<script")
        self.assertEqual(page["Cache-Control"].count("no-store"), 1)

    def test_nothing_else_opens_with_it(self):
        self.read(self.carol)
        for url in (
            self.conversation.get_absolute_url(),
            reverse("conversations:message_list", args=[self.conversation.pk]),
            reverse("conversations:conversation_print", args=[self.conversation.pk]),
            reverse(
                "conversations:conversation_export", args=[self.conversation.pk, "json"]
            ),
        ):
            with self.subTest(url):
                self.assertEqual(self.client.get(url).status_code, 404)
        send = reverse("conversations:message_send", args=[self.conversation.pk])
        data = {"text": "Hi", "persona": "helper"}
        self.assertEqual(self.client.post(send, data).status_code, 404)

    def test_for_that_reader_and_that_conversation_only(self):
        other = Conversation.objects.create(
            owner=self.alice, persona=self.persona, updated_at=timezone.now()
        )
        self.read(self.carol)
        url = reverse("conversations:chat_read_detail", args=[other.pk])
        self.assertEqual(self.client.get(url).status_code, 302)  # to give a reason
        self.client.force_login(self.bob)
        self.assertRedirects(self.client.get(self.url), self.ask)

    def test_for_an_hour(self):
        self.read(self.carol)
        read = ChatRead.objects.get()
        for minutes, status in ((59, 200), (61, 302)):
            then = read.begun_at + timedelta(minutes=minutes)
            clock = mock.patch("django.utils.timezone.now", lambda then=then: then)
            with clock, self.subTest(minutes):
                self.assertEqual(self.client.get(self.url).status_code, status)

    def test_no_longer_than_the_right_or_the_policy(self):
        self.read(self.carol)
        self.policy("nobody")
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.policy("roles")
        self.carol.groups.clear()
        self.assertEqual(self.client.get(self.url).status_code, 404)

    def test_every_branch_can_be_read(self):
        self.conversation.head = None
        add_turn(self.conversation, "What is fire?", "Hot.")
        self.read(self.carol)
        self.assertContains(self.client.get(self.url), "What is fire?")
        other = self.client.get(self.url, {"branch": self.reply.pk})
        self.assertContains(other, "What is water?")
        self.assertNotContains(other, "What is fire?")


class RecordTests(ReadingTestCase):
    def setUp(self):
        self.policy("roles")
        self.read(self.carol)

    def test_the_owner_sees_who_read_what_when_and_why(self):
        self.client.force_login(self.alice)
        for url in (self.list, self.conversation.get_absolute_url()):
            response = self.client.get(url)
            with self.subTest(url):
                self.assertContains(response, "carol")
                self.assertContains(response, REASON)
        self.assertContains(self.client.get(self.list), self.conversation.title)

    def test_nobody_else_sees_it(self):
        for user in (self.bob, self.carol):
            self.client.force_login(user)
            self.assertNotContains(self.client.get(self.list), REASON)

    def test_it_is_in_the_audit_log(self):
        entry = AuditEntry.objects.get()
        self.assertEqual(entry.verb, "conversation.read")
        self.assertEqual((entry.actor_id, entry.reason), (self.carol.pk, REASON))
        self.assertEqual(entry.target_id, str(self.conversation.pk))
        self.assertIsNone(first_broken())

    def test_it_cannot_be_edited_or_removed(self):
        read = ChatRead.objects.get()
        for change in (
            lambda: ChatRead.objects.update(reason="Nothing."),
            lambda: ChatRead.objects.all().delete(),
            read.delete,
            read.save,
        ):
            with self.assertRaises(IntegrityError), transaction.atomic():
                change()

    def test_the_owner_who_leaves_takes_no_record_along(self):
        self.conversation.delete()
        self.client.force_login(self.alice)
        self.assertContains(self.client.get(self.list), REASON)
        self.alice.delete()
        self.assertEqual(ChatRead.objects.get().reason, REASON)


class AdminTests(ReadingTestCase):
    def page(self):
        name = "admin:conversations_conversation_change"
        return self.client.get(reverse(name, args=[self.conversation.pk]))

    def test_the_way_there_stands_where_it_may_be_read(self):
        self.client.force_login(self.bob)
        self.assertNotContains(self.page(), self.ask)
        self.policy("roles")
        self.assertContains(self.page(), self.ask)
