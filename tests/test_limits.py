"""What one person may do in a minute, an hour, a day; and who may do more."""

import uuid
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from conversations import limits
from conversations.actions.forks import fork_conversation
from conversations.actions.messages import post_message
from conversations.actions.refusals import Refusal
from conversations.actions.shares import continue_share, create_share, renew_share
from conversations.models import Conversation, GroupLimits, Message, Transfer
from conversations.models.limits import limits_of
from conversations.transfer import uploads
from tests.base import ChatTestCase
from tests.consumers.conftest import people, provider

__all__ = ["people", "provider"]


class LimitTestCase(ChatTestCase):
    def setUp(self):
        cache.clear()
        self.clock = mock.patch("conversations.limits.time.time", return_value=86_400.0)
        self.now = self.clock.start()
        self.addCleanup(self.clock.stop)

    def set_limits(self, *people, **given):
        group = Group.objects.create(name=f"Group {Group.objects.count()}")
        group.user_set.add(*people)
        return GroupLimits.objects.create(group=group, **given)

    def say(self, user=None, conversation_id=None):
        return post_message(
            user=user or self.alice,
            conversation_id=conversation_id or uuid.uuid4(),
            text="Hello",
            client_id=uuid.uuid4(),
            persona_slug="helper",
        )

    def assertTooFast(self, act):
        with self.assertRaises(Refusal) as raised:
            act()
        self.assertEqual(raised.exception.code, "too_fast")
        return raised.exception.detail


class CountingTests(LimitTestCase):
    @override_settings(LIMIT_MESSAGES_PER_MINUTE=2)
    def test_messages_a_minute(self):
        self.now.return_value = 60.0 * 10 + 18
        self.say()
        self.say()
        self.assertIn("Try again in 42 seconds.", self.assertTooFast(self.say))
        self.say(self.bob)
        self.now.return_value += 42
        self.say()

    @override_settings(LIMIT_MESSAGES_PER_MINUTE=0)
    def test_none_is_none(self):
        self.assertTooFast(self.say)

    @override_settings(LIMIT_MESSAGES_PER_MINUTE=1)
    def test_what_nobody_answers_counts_and_a_link_and_a_copy_too(self):
        reply = Message.objects.get(pk=self.reply.pk)
        share = create_share(
            user=self.alice, conversation=self.conversation, audience="anyone"
        )
        self.assertTooFast(lambda: renew_share(share=share))
        self.say(self.bob)
        self.assertTooFast(lambda: fork_conversation(user=self.alice, message=reply))
        self.assertTooFast(lambda: continue_share(user=self.bob, share=share))
        Conversation.objects.update(replies_when=Conversation.Replies.MENTIONED)
        self.assertTooFast(lambda: self.say(conversation_id=self.conversation.pk))

    @override_settings(LIMIT_EXPORTS_PER_DAY=1)
    def test_exports_a_day(self):
        self.client.force_login(self.alice)
        url = reverse("conversations:export_create")
        for _ in range(2):  # the second is the one that waits already
            self.client.post(url)
        Transfer.objects.update(state="finished")
        response = self.client.post(url)
        self.assertEqual(Transfer.objects.count(), 1)
        (said,) = map(str, get_messages(response.wsgi_request))
        self.assertIn("Try again in 24 hours.", said)

    def upload(self):
        url = reverse("conversations:transfer_create")
        key = uploads.make_key(self.alice)
        file = SimpleUploadedFile("chats.json", b"[]")
        response = self.client.post(f"{url}?key={key}", {"file": file})
        Transfer.objects.update(state="finished")
        return [str(message) for message in get_messages(response.wsgi_request)]

    @override_settings(LIMIT_IMPORTS_PER_DAY=1)
    def test_imports_a_day(self):
        self.client.force_login(self.alice)
        self.assertEqual(self.upload(), [])
        self.assertIn("imported as often", self.upload()[-1])
        self.assertEqual(Transfer.objects.count(), 1)

    @override_settings(LIMIT_UPLOADS_PER_HOUR=1)
    def test_uploads_an_hour(self):
        self.client.force_login(self.alice)
        self.assertEqual(self.upload(), [])
        self.assertIn("Try again in 60 minutes.", self.upload()[-1])
        self.assertEqual(Transfer.objects.count(), 1)

    @override_settings(CHAT_MAX_OPEN_REPLIES=1)
    def test_replies_at_once(self):
        self.say()
        with self.assertRaises(Refusal) as raised:
            self.say()
        self.assertEqual(raised.exception.code, "too_many")


class GroupTests(LimitTestCase):
    def test_without_any_group_nobody_is_asked(self):
        limits.count(self.alice.pk, "messages_per_minute")
        with self.assertNumQueries(0):
            limits.count(self.alice.pk, "messages_per_minute")

    def test_a_group_has_its_own(self):
        self.set_limits(self.alice, messages_per_minute=1)
        self.say()
        self.assertTooFast(self.say)
        self.say(self.bob)
        self.say(self.bob)

    def test_the_most_generous_of_each_holds(self):
        self.set_limits(self.alice, messages_per_minute=5, sockets=0)
        self.set_limits(self.alice, messages_per_minute=2, imports_per_day=7)
        self.set_limits(self.bob, messages_per_minute=99)
        found = limits_of(self.alice.pk)
        self.assertEqual(found["messages_per_minute"], 5)
        self.assertEqual((found["sockets"], found["imports_per_day"]), (0, 7))
        self.assertEqual(found["open_replies"], 10)  # as for the whole site


@pytest.fixture
def few_sockets(settings):
    settings.LIMIT_SOCKETS = 2


async def test_one_socket_too_many_is_closed_and_the_others_stay(few_sockets, people):
    _, first = await people.new_chat()
    await people.list_tab(people.alice)
    _, third = await people.new_chat()
    assert await third.until_closed() == 4429
    _, other = await people.new_chat(people.bob)
    await first.close()
    await third.close()
    _, again = await people.new_chat()
    await again.say("Hello")
    await again.until("message.accepted")
    await other.say("Hello")
    await other.until("message.accepted")
