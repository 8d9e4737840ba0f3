"""Coming by an invitation with an account of somewhere else."""

from unittest.mock import patch

from django.contrib.auth.models import Group
from django.urls import reverse

from conversations.models import Invitation, SiteSettings, User

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
