"""Coming by an invitation: with its link, with its code, once too often, too late."""

import re
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from conversations.actions.invitations import use_invitation
from conversations.actions.refusals import Refusal
from conversations.models import Invitation, SiteSettings, User
from tests.base import PASSWORD, ChatTestCase

ACCOUNT = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
FIND = reverse("conversations:invitation_find")
SIGN_UP = reverse("account_signup")


class InvitationTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = Group.objects.create(name="Class 7b")
        cls.invitation = Invitation.objects.create(group=cls.group)

    def setUp(self):
        cache.clear()  # the limits on tries
        self.set_mode("invitation")

    def set_mode(self, mode, **fields):
        SiteSettings(sign_up=mode, **fields).save()

    def sign_up(self, username="dora", **fields):
        given = ACCOUNT | {"username": username} | fields
        given.setdefault("invitation", self.invitation.token)
        return self.client.post(SIGN_UP, given)

    def expect_refused(self, response):
        """Nobody is signed in, and no account was made."""
        self.assertNotIn("_auth_user_id", self.client.session)
        self.assertFalse(User.objects.exists())
        return response


class SignUpByInvitationTests(InvitationTestCase):
    def test_by_its_link(self):
        page = self.client.get(self.invitation.link)
        self.assertContains(page, "Class 7b")
        address = f"{SIGN_UP}?invitation={self.invitation.token}"
        self.assertContains(page, address)
        form = self.client.get(address)
        self.assertContains(form, "Class 7b")
        self.assertNotContains(form, 'name="email"')
        self.assertRedirects(self.sign_up(), "/", fetch_redirect_response=False)
        dora = User.objects.get()
        self.assertEqual(self.client.session["_auth_user_id"], str(dora.pk))
        self.assertEqual(list(dora.groups.all()), [self.group])
        self.invitation.refresh_from_db()
        self.assertEqual(self.invitation.uses, 1)
        self.assertEqual(list(self.invitation.people.all()), [dora])

    def test_a_name_that_is_refused_does_not_lose_the_invitation(self):
        User.objects.create_user("dora")
        query = f"?invitation={self.invitation.token}"
        page = self.client.get(f"{SIGN_UP}{query}").content.decode()
        action = re.search(r'action="(/accounts/signup/[^"]*)"', page)[1]
        fields = ACCOUNT | {"invitation": self.invitation.token}
        refused = self.client.post(action, fields)
        self.assertContains(refused, "Somebody has this name already.")
        self.assertContains(refused, f'name="next" value="{SIGN_UP}{query}"')
        there = self.invitation.get_absolute_url()
        self.assertContains(refused, f'href="/accounts/login/?next={there}"')

    def test_by_its_code_however_it_is_typed(self):
        for typed in (self.invitation.code, f" {self.invitation.spoken_code.lower()} "):
            response = self.client.post(FIND, {"code": typed})
            self.assertRedirects(response, self.invitation.get_absolute_url())

    def test_a_wrong_code_is_said(self):
        response = self.client.post(FIND, {"code": "AAAA-AAAA"})
        self.assertContains(response, "No invitation has this code", status_code=422)

    def test_codes_cannot_be_tried_for_long(self):
        for _ in range(10):
            self.client.post(FIND, {"code": "AAAA-AAAA"})
        response = self.client.post(FIND, {"code": self.invitation.code})
        self.assertEqual(response.status_code, 429)

    def test_a_class_comes_by_one_code_and_from_one_address(self):
        Invitation.objects.update(most_uses=None)
        for number in range(25):
            response = self.client.post(FIND, {"code": self.invitation.code})
            self.assertEqual(response.status_code, 302)
            self.sign_up(f"pupil-{number}")
            self.client.logout()
        self.assertEqual(User.objects.count(), 25)

    def test_without_an_invitation_nobody_signs_up(self):
        self.assertContains(self.client.get(SIGN_UP), "by invitation")
        for token in ("", "made-up", "\0"):
            self.expect_refused(self.sign_up(invitation=token))

    def test_what_else_is_given_has_no_effect(self):
        self.sign_up(is_staff="on", is_superuser="on", email="dora@example.org")
        dora = User.objects.get()
        self.assertFalse(dora.is_staff or dora.is_superuser)
        self.assertEqual(dora.email, "")


class InvitationEndTests(InvitationTestCase):
    def expect_ended(self):
        """It leads nowhere, its code is none, and nobody signs up by it."""
        page = self.client.get(self.invitation.link)
        self.assertContains(page, "lets nobody in", status_code=404)
        response = self.client.post(FIND, {"code": self.invitation.code})
        self.assertEqual(response.status_code, 422)
        self.expect_refused(self.sign_up())

    def test_used_once_too_often(self):
        self.sign_up()
        self.client.logout()
        User.objects.all().delete()
        self.expect_ended()

    def test_two_who_come_at_once_for_the_last_place(self):
        """Both have filled in their form; the other is quicker."""
        late, quick = (User.objects.create_user(name) for name in ("late", "quick"))
        found = Invitation.objects.get(pk=self.invitation.pk)
        use_invitation(invitation=self.invitation, user=quick)
        with self.assertRaises(Refusal):
            use_invitation(invitation=found, user=late)
        self.assertFalse(late.groups.exists())

    def test_too_late(self):
        self.invitation.expires_at = timezone.now() - timedelta(seconds=1)
        self.invitation.save()
        self.expect_ended()

    def test_taken_back(self):
        self.invitation.revoked_at = timezone.now()
        self.invitation.save()
        self.expect_ended()

    def test_closed_is_closed_for_the_invited_too(self):
        self.set_mode("closed")
        page = self.client.get(self.invitation.link)
        self.assertNotContains(page, SIGN_UP)
        self.expect_refused(self.sign_up())

    def test_where_sign_up_is_open_a_bad_invitation_is_told(self):
        self.set_mode("open")
        response = self.expect_refused(self.sign_up(invitation="made-up"))
        self.assertContains(response, "used up or was taken back")


class InvitationOfMembersTests(ChatTestCase):
    """Somebody who has an account opens the link."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.group = Group.objects.create(name="Class 7b")
        cls.invitation = Invitation.objects.create(group=cls.group, most_uses=2)

    def setUp(self):
        self.client.force_login(self.alice)

    def join(self):
        self.client.post(self.invitation.link)
        self.invitation.refresh_from_db()

    def test_looking_joins_nothing(self):
        self.assertContains(self.client.get(self.invitation.link), "Join the group")
        self.assertFalse(self.alice.groups.exists())

    def test_they_join_its_group_and_twice_is_once(self):
        for _ in range(2):
            self.join()
        self.assertEqual(list(self.alice.groups.all()), [self.group])
        self.assertEqual(self.invitation.uses, 1)

    def test_who_is_in_the_group_uses_nothing_up(self):
        self.alice.groups.add(self.group)
        self.join()
        self.assertEqual(self.invitation.uses, 0)

    def test_without_a_group_there_is_nothing_to_use_up(self):
        Invitation.objects.update(group=None)
        self.assertNotContains(self.client.get(self.invitation.link), "<form")
        self.join()
        self.assertEqual(self.invitation.uses, 0)

    def test_who_was_taken_out_of_the_group_is_not_told_they_are_in(self):
        self.join()
        self.alice.groups.clear()
        answer = self.client.post(self.invitation.link, follow=True)
        self.assertContains(answer, "You came by this invitation before.")
        self.assertFalse(self.alice.groups.exists())
