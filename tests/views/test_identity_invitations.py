"""Coming by an invitation with an account of somewhere else."""

from unittest.mock import patch

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from conversations.models import Invitation, SiteSettings, User
from tests.factors import add_app, code_of

from .identity import IdentityTestCase

USABLE = "conversations.identity.adapter.find_invitation"


class InvitedTests(IdentityTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.group = Group.objects.create(name="Class 7b")
        cls.invitation = Invitation.objects.create(group=cls.group, most_uses=1)

    def setUp(self):
        super().setUp()
        self.set_mode(SiteSettings.SignUp.INVITATION)

    def set_mode(self, mode):
        SiteSettings(sign_up=mode).save()

    def come(self):
        return self.sign_in(invitation=self.invitation.token)

    def test_the_page_of_the_invited_offers_it(self):
        sign_up = reverse("account_signup")
        page = self.client.get(sign_up, {"invitation": self.invitation.token})
        self.assertContains(page, f'action="{self.url}?process=login"')
        field = f'name="invitation" value="{self.invitation.token}"'
        self.assertContains(page, field, 2)  # of the form, and of the button

    def test_they_come_in_and_into_its_group(self):
        self.come()
        ada = User.objects.get(username="ada")
        self.assertEqual(self.who(), "ada")
        self.assertEqual(list(ada.groups.all()), [self.group])
        self.invitation.refresh_from_db()
        self.assertEqual(self.invitation.uses, 1)
        self.assertEqual(list(self.invitation.people.all()), [ada])

    def expect_refused(self):
        self.assertEqual(self.who(), "")
        self.assertFalse(User.objects.filter(username="ada").exists())

    def test_without_one_nobody_does(self):
        for token in ("", "made-up"):
            self.sign_in(invitation=token)
            self.expect_refused()

    def test_closed_is_closed_for_them_too(self):
        self.set_mode(SiteSettings.SignUp.CLOSED)
        self.come()
        self.expect_refused()

    def come_back(self):
        """Have an account first, then the invitation."""
        self.set_mode(SiteSettings.SignUp.OPEN)
        self.sign_in()
        self.client.logout()
        self.set_mode(SiteSettings.SignUp.INVITATION)
        return User.objects.get(username="ada")

    def test_who_has_an_account_comes_into_its_group(self):
        ada = self.come_back()
        self.assertContains(self.come(), "You are in the group “Class 7b” now.")
        self.assertEqual(self.who(), "ada")
        self.assertEqual(list(ada.groups.all()), [self.group])
        self.assertEqual(list(self.invitation.people.all()), [ada])

    def test_not_before_the_second_factor(self):
        ada = self.come_back()
        secret = add_app(ada)
        self.come()
        self.assertFalse(ada.groups.exists())
        code = {"code": code_of(secret)}
        self.client.post(reverse("mfa_authenticate"), code)
        self.assertEqual(self.who(), "ada")
        self.assertEqual(list(ada.groups.all()), [self.group])

    def test_who_is_in_that_group_uses_nothing_up(self):
        ada = self.come_back()
        ada.groups.add(self.group)
        self.assertNotContains(self.come(), "Class 7b")
        self.invitation.refresh_from_db()
        self.assertEqual(self.invitation.uses, 0)

    def test_one_that_was_taken_back_is_said_so_and_they_are_in(self):
        ada = self.come_back()
        leave = self.leave(invitation=self.invitation.token)
        Invitation.objects.update(revoked_at=timezone.now())
        page = self.client.get(self.over_there(leave), follow=True)
        self.assertContains(page, "This invitation is used up or was taken back.")
        self.assertEqual(self.who(), "ada")
        self.assertFalse(ada.groups.exists())

    def test_who_is_new_is_told_nothing_of_it_being_used_up(self):
        self.assertNotContains(self.come(), "used up")

    def test_who_comes_too_late_for_the_last_place_has_no_account(self):
        """Somebody else takes it between the look at it and its use."""
        Invitation.objects.update(uses=1)
        is_open = patch("conversations.identity.adapter.is_open_to_account")
        with patch(USABLE, return_value=self.invitation), is_open:
            response = self.come()
        self.expect_refused()
        self.assertEqual(
            response.redirect_chain[-1][0], self.invitation.get_absolute_url()
        )
