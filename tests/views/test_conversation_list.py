from datetime import UTC, datetime, timedelta
from unittest import mock

from django.test import override_settings
from django.urls import reverse

from conversations.models import Conversation
from tests.base import ChatTestCase, make_conversation

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class ConversationListTests(ChatTestCase):
    url = reverse("conversations:conversation_list")

    def setUp(self):
        self.client.force_login(self.bob)

    def add(self, title, age):
        return make_conversation(
            self.bob, self.persona, title=title, updated_at=NOON - age
        )

    def groups(self):
        with mock.patch("django.utils.timezone.now", return_value=NOON):
            page = self.client.get(self.url).context["list_page"]
        return {g.key: [c.title for c in g.conversations] for g in page.groups}

    def test_conversations_stand_under_their_day(self):
        self.add("now", timedelta())
        self.add("day before", timedelta(days=1))
        self.add("days ago", timedelta(days=3))
        self.add("long ago", timedelta(days=60))
        self.assertEqual(
            self.groups(),
            {
                "today": ["now"],
                "yesterday": ["day before"],
                "week": ["days ago"],
                "2026-09": ["long ago"],
            },
        )

    def test_day_is_the_readers_own(self):
        self.add("at noon in London", timedelta())
        self.add("at two in London", timedelta(hours=10))
        self.bob.time_zone = "Pacific/Auckland"  # there it is past midnight
        self.bob.save()
        groups = self.groups()
        self.assertEqual(groups["today"], ["at noon in London"])
        self.assertEqual(groups["yesterday"], ["at two in London"])

    @override_settings(CHAT_CONVERSATIONS_PER_PAGE=2)
    def test_every_conversation_stands_on_exactly_one_page(self):
        same_moment = [timedelta(hours=1)] * 3
        for number, age in enumerate([timedelta(), *same_moment, timedelta(days=9)]):
            self.add(str(number), age)
        url, titles = self.url, []
        while url:
            page = self.client.get(url).context["list_page"]
            titles += [c.title for g in page.groups for c in g.conversations]
            url = page.next_url
        self.assertEqual(sorted(titles), ["0", "1", "2", "3", "4"])

    def test_conversations_of_others_are_not_listed(self):
        self.assertNotContains(self.client.get(self.url), self.conversation.title)

    def test_wrong_cursor_is_the_start(self):
        self.add("now", timedelta())
        response = self.client.get(self.url, {"before": "x" * 50})
        self.assertContains(response, "now")

    def test_unread_reply_has_a_dot(self):
        self.client.force_login(self.alice)
        self.assertContains(self.client.get(self.url), "list-item--unread")
        Conversation.objects.update(read_at=self.reply.created_at + timedelta(days=1))
        self.assertNotContains(self.client.get(self.url), "list-item--unread")
