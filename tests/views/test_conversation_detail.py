from datetime import UTC, datetime

from django.contrib.auth.models import Permission
from django.test import override_settings
from django.urls import reverse

from conversations.models import Message, User
from conversations.protocol.answers import conversation_changed
from tests.base import ChatTestCase, add_turn


class ConversationDetailTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.url = self.conversation.get_absolute_url()

    def test_shows_the_branch_as_it_was_saved(self):
        response = self.client.get(self.url)
        self.assertContains(response, "What is water?")
        self.assertContains(response, "A <strong>drink</strong>.")

    def test_stranger_gets_404(self):
        self.client.force_login(self.carol)
        self.assertEqual(self.client.get(self.url).status_code, 404)

    def test_who_is_not_signed_in_is_sent_to_sign_in(self):
        self.client.logout()
        response = self.client.get(self.url)
        self.assertRedirects(response, f"/accounts/login/?next={self.url}")

    def test_each_reader_is_told_when_it_was_by_their_own_clock(self):
        at = datetime(2026, 5, 17, 12, 34, tzinfo=UTC)
        Message.objects.filter(conversation=self.conversation).update(created_at=at)
        for zone, told in (("UTC", "12:34 p.m."), ("Asia/Seoul", "9:34 p.m.")):
            User.objects.filter(pk=self.alice.pk).update(time_zone=zone)
            with self.subTest(zone=zone):
                self.assertContains(self.client.get(self.url), told)

    def test_opening_it_changes_nothing(self):
        before = vars(self.conversation).copy()
        self.client.get(self.url)
        self.conversation.refresh_from_db()
        for name in ("read_at", "updated_at", "head_id"):
            self.assertEqual(getattr(self.conversation, name), before[name])

    def test_long_conversation_costs_no_more_queries(self):
        self.client.get(self.url)
        with self.assertNumQueries(FewerThan(13)):
            self.client.get(self.url)
        for number in range(20):
            add_turn(self.conversation, f"Question {number}", "Answer.")
        with self.assertNumQueries(FewerThan(13)):
            self.client.get(self.url)

    @override_settings(CHAT_MESSAGES_PER_PAGE=4)
    def test_older_messages_are_fetched_on_demand(self):
        for number in range(3):
            add_turn(self.conversation, f"Question {number}", "Answer.")
        response = self.client.get(self.url)
        self.assertNotContains(response, "What is water?")
        older = self.client.get(response.context["older_url"])
        self.assertContains(older, "What is water?")
        self.assertContains(older, "Question 0")
        self.assertNotContains(older, "Question 1")
        self.assertEqual(older.context["older_url"], "")

    def test_page_of_a_growing_reply_refreshes_itself_without_javascript(self):
        add_turn(self.conversation, "And now?", None)
        response = self.client.get(self.url)
        self.assertContains(response, '<meta http-equiv="refresh"')

    def test_who_may_change_personas_is_led_to_this_one_and_nobody_else(self):
        right = Permission.objects.get(codename="change_persona")
        url = reverse("admin:conversations_persona_change", args=[self.persona.pk])
        for is_staff, rights in ((0, []), (1, []), (0, [right]), (1, [right])):
            User.objects.filter(pk=self.alice.pk).update(is_staff=is_staff)
            self.alice.user_permissions.set(rights)
            self.conversation.refresh_from_db()
            header = conversation_changed(self.conversation)["header"]
            page = self.client.get(self.url).content.decode()
            for shown in (page, header):
                with self.subTest(is_staff=is_staff, rights=rights):
                    self.assertEqual(url in shown, bool(is_staff and rights))


class FewerThan(int):
    """A number of queries that any smaller one equals: it must only stay flat."""

    def __eq__(self, other):
        return other < int(self)

    __hash__ = int.__hash__
