"""The pages of a conversation of several people, without JavaScript."""

import uuid

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from conversations.models import Conversation, Message, Participant
from tests.base import ChatTestCase


class PeopleTestCase(ChatTestCase):
    def setUp(self):
        cache.clear()
        self.client.force_login(self.alice)

    def url(self, name, *more):
        return reverse(f"conversations:{name}", args=[self.conversation.pk, *more])

    def take_part(self, user, *, joined=True):
        return Participant.objects.create(
            conversation=self.conversation,
            user=user,
            head=self.reply,
            joined_at=timezone.now() if joined else None,
        )


class InviteTests(PeopleTestCase):
    def invite(self, name):
        return self.client.post(self.url("participant_invite"), {"name": name})

    def test_somebody_is_invited_by_name_and_joins(self):
        page = self.client.get(self.invite("bob").url)
        self.assertContains(page, "bob is invited")
        self.assertContains(page, "invited, no answer yet")
        self.client.force_login(self.bob)
        listed = self.client.get(reverse("conversations:conversation_list"))
        self.assertContains(listed, "A talk")
        self.assertContains(listed, "invitation")
        opened = self.client.get(self.url("conversation_detail"))
        self.assertRedirects(opened, self.url("conversation_join"))
        asked = self.client.get(self.url("conversation_join"))
        self.assertContains(asked, "alice invites you")
        self.assertNotContains(asked, "What is water?")
        joined = self.client.post(self.url("conversation_join"))
        self.assertRedirects(joined, self.url("conversation_detail"))
        page = self.client.get(self.url("conversation_detail"))
        self.assertContains(page, "What is water?")
        self.assertContains(page, "message--other")
        self.assertEqual(
            self.client.get(self.url("conversation_join")).status_code, 404
        )

    def test_what_will_not_do_is_asked_for_again(self):
        for name, words in (
            ("", "Write a user name."),
            ("nobody", "Nobody here is called “nobody”."),
            ("alice", "yours already"),
            ("x" * 151, "at most 150"),
            ("<b>", "&lt;b&gt;"),
        ):
            with self.subTest(name):
                response = self.invite(name)
                self.assertContains(response, words, status_code=422)
        self.assertFalse(Participant.objects.exists())

    def test_only_its_owner_invites(self):
        self.take_part(self.bob)
        for user in (self.bob, self.carol):
            with self.subTest(user):
                self.client.force_login(user)
                self.assertEqual(self.invite("carol").status_code, 404)
        self.client.force_login(self.bob)
        page = self.client.get(self.url("participant_list"))
        self.assertNotContains(page, "Invite somebody")

    def test_an_invitation_is_of_the_one_who_was_asked(self):
        self.take_part(self.bob, joined=False)
        for user in (self.carol, self.alice):
            self.client.force_login(user)
            for method in (self.client.get, self.client.post):
                with self.subTest(user):
                    response = method(self.url("conversation_join"))
                    self.assertEqual(response.status_code, 404)

    def test_who_declines_is_not_asked_any_more(self):
        self.take_part(self.bob, joined=False)
        self.client.force_login(self.bob)
        self.client.post(self.url("conversation_leave"))
        self.assertFalse(Participant.objects.exists())


class EndTests(PeopleTestCase):
    def test_the_owner_removes_somebody_after_being_asked(self):
        place = self.take_part(self.bob)
        url = self.url("participant_remove", place.pk)
        self.assertContains(self.client.get(url), "close at once")
        self.assertTrue(Participant.objects.exists())
        response = self.client.post(url)
        self.assertRedirects(response, self.url("participant_list"))
        self.assertFalse(Participant.objects.exists())
        self.assertEqual(self.client.post(url).status_code, 404)

    def test_a_place_in_another_conversation_is_not_there(self):
        place = self.take_part(self.bob)
        mine = Conversation.objects.create(
            owner=self.carol, persona=self.persona, updated_at=timezone.now()
        )
        self.client.force_login(self.carol)
        url = reverse("conversations:participant_remove", args=[mine.pk, place.pk])
        self.assertEqual(self.client.post(url).status_code, 404)

    def test_nobody_but_the_owner_removes_somebody(self):
        bobs, carols = self.take_part(self.bob), self.take_part(self.carol)
        self.client.force_login(self.bob)
        for place in (bobs, carols):
            url = self.url("participant_remove", place.pk)
            self.assertEqual(self.client.post(url).status_code, 404)

    def test_one_leaves_after_being_asked(self):
        self.take_part(self.bob)
        self.client.force_login(self.bob)
        self.assertContains(self.client.get(self.url("conversation_leave")), "stays")
        self.assertTrue(Participant.objects.exists())
        response = self.client.post(self.url("conversation_leave"))
        self.assertRedirects(response, reverse("conversations:conversation_new"))
        self.assertEqual(
            self.client.get(self.url("conversation_detail")).status_code, 404
        )
        again = self.client.post(self.url("conversation_leave"))
        self.assertEqual(again.status_code, 404)

    def test_its_owner_cannot_leave(self):
        self.assertEqual(
            self.client.post(self.url("conversation_leave")).status_code, 404
        )


class RepliesTests(PeopleTestCase):
    def choose(self, when):
        return self.client.post(self.url("conversation_replies"), {"when": when})

    def test_the_owner_chooses_when_there_are_replies(self):
        self.assertRedirects(self.choose("mentioned"), self.url("participant_list"))
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.replies_when, "mentioned")
        page = self.client.get(self.url("conversation_detail"))
        self.assertContains(page, "@Helper")

    def test_wrong_values_and_other_people_change_nothing(self):
        self.assertEqual(self.choose("never").status_code, 404)
        self.take_part(self.bob)
        for user in (self.bob, self.carol):
            self.client.force_login(user)
            self.assertEqual(self.choose("mentioned").status_code, 404)
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.replies_when, "always")


class WriteTests(PeopleTestCase):
    def setUp(self):
        super().setUp()
        self.take_part(self.bob)
        Conversation.objects.update(has_people=True)

    def test_a_participant_sends_by_form_and_is_named_to_others(self):
        self.client.force_login(self.bob)
        fields = {"text": "Hello from bob", "parent": self.reply.pk}
        response = self.client.post(self.url("message_send"), fields)
        self.assertRedirects(response, self.url("conversation_detail"))
        sent = Message.objects.get(text="Hello from bob")
        self.assertEqual((sent.author, sent.parent), (self.bob, self.reply))
        self.client.force_login(self.alice)
        page = self.client.get(self.url("conversation_detail"))
        name = '<h2 class="message__name" data-part="author" dir="auto">bob</h2>'
        self.assertContains(page, name, html=True)

    def test_others_words_are_not_edited(self):
        self.client.force_login(self.bob)
        url = self.url("message_edit", self.question.pk)
        self.assertEqual(self.client.get(url).status_code, 302)
        self.client.post(url, {"text": "Mine now"})
        self.assertFalse(Message.objects.filter(text="Mine now").exists())
        page = self.client.get(self.url("conversation_detail"))
        self.assertNotContains(page, url)

    def test_the_menu_of_a_participant_has_what_they_may(self):
        self.client.force_login(self.bob)
        menu = self.client.get(self.url("conversation_menu"))
        self.assertContains(menu, self.url("conversation_leave"))
        for name in ("conversation_pin", "conversation_archive"):
            self.assertContains(menu, self.url(name))
        for name in ("conversation_remove", "share_create", "conversation_move"):
            self.assertNotContains(menu, self.url(name))

    def test_read_and_unread_are_each_persons_own(self):
        Conversation.objects.update(replied_at=timezone.now(), read_at=None)
        self.client.force_login(self.bob)
        self.client.post(self.url("conversation_mark_read"))
        self.conversation.refresh_from_db()
        self.assertIsNone(self.conversation.read_at)
        self.assertIsNotNone(Participant.objects.get().read_at)
        self.client.post(self.url("conversation_mark_unread"))
        self.assertIsNone(Participant.objects.get().read_at)

    def test_what_the_owner_puts_in_the_bin_is_gone_for_all(self):
        self.client.post(self.url("conversation_remove"))
        self.client.force_login(self.bob)
        self.assertEqual(
            self.client.get(self.url("conversation_detail")).status_code, 404
        )
        listed = self.client.get(reverse("conversations:conversation_list"))
        self.assertNotContains(listed, "A talk")


class FrameTests(PeopleTestCase):
    """The socket's verbs by plain HTTP."""

    def frames(self):
        message = {"message": self.reply.pk}
        text = {"client_id": str(uuid.uuid4()), "text": "Hello"}
        yield {"type": "message.send", "parent": self.reply.pk} | text
        yield {"type": "message.edit"} | message | text
        yield {"type": "reply.compare", "personas": ["helper"]} | message
        for kind in ("regenerate", "continue", "stop", "keep"):
            yield {"type": f"reply.{kind}"} | message
        yield {"type": "branch.select"} | message
        yield {"type": "conversation.read"}
        yield {"type": "sync"}

    def send(self, frame):
        url = self.url("conversation_frames")
        return self.client.post(url, frame, content_type="application/json")

    def test_each_is_for_who_takes_part_and_for_nobody_else(self):
        place = self.take_part(self.bob)
        for user, joined_at, expected in (
            (self.bob, timezone.now(), 200),
            (self.bob, None, 404),
            (self.carol, None, 404),
        ):
            Participant.objects.filter(pk=place.pk).update(joined_at=joined_at)
            self.client.force_login(user)
            for frame in self.frames():
                with self.subTest(user=user, joined=joined_at, frame=frame["type"]):
                    self.assertEqual(self.send(frame).status_code, expected)


class AccountTests(PeopleTestCase):
    def test_it_is_said_before_what_goes_for_others_too(self):
        url = reverse("conversations:account_remove")
        self.take_part(self.bob, joined=False)
        self.assertNotContains(self.client.get(url), "others take part")
        Participant.objects.update(joined_at=timezone.now())
        self.assertContains(self.client.get(url), "In one of them others take part")
        self.client.force_login(self.bob)
        page = self.client.get(url)
        self.assertNotContains(page, "others take part")
        self.assertContains(page, "stays there without your name")
