"""An address that the other site has not confirmed is confirmed here, by mail."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.urls import reverse

from conversations.models import Invitation, User
from tests.mail import PostboxMixin, link_in

from .identity import ADA, IdentityTestCase

UNSURE = ADA | {"email_verified": False}
SENT = reverse("account_email_verification_sent")


class UnconfirmedAddressTests(PostboxMixin, IdentityTestCase):
    def setUp(self):
        super().setUp()
        self.provider.sign_in_as(UNSURE)

    def expect_waiting(self, response):
        self.assertEqual(response.redirect_chain[-1][0], SENT)
        self.assertEqual(self.who(), "")

    def test_who_confirms_it_is_in(self):
        self.expect_waiting(self.sign_in())
        letter = self.postbox.next()
        self.assertEqual(letter["To"], UNSURE["email"])
        self.client.post(link_in(letter))
        self.assertEqual(self.who(), "ada")
        self.client.logout()
        self.sign_in()
        self.assertEqual(self.who(), "ada")

    def test_who_has_not_does_not_get_in_by_coming_again(self):
        self.sign_in()
        self.postbox.next()
        self.client.cookies.clear()
        self.expect_waiting(self.sign_in())

    def test_what_is_confirmed_over_there_later_is_confirmed(self):
        self.sign_in()
        self.postbox.next()
        self.provider.sign_in_as(ADA | {"email": "another@school.example"})
        self.expect_waiting(self.sign_in())
        self.provider.sign_in_as(ADA)
        self.sign_in()
        self.assertEqual(self.who(), "ada")
        self.assertTrue(EmailAddress.objects.get().verified)

    def test_what_is_confirmed_over_there_asks_for_no_mail(self):
        self.provider.sign_in_as(ADA)
        self.sign_in()
        self.assertEqual(self.who(), "ada")
        self.assertTrue(self.postbox.is_empty)

    def test_who_is_invited_needs_none(self):
        group = Group.objects.create(name="Class 7b")
        token = Invitation.objects.create(group=group).token
        self.sign_in(invitation=token)
        self.assertEqual(self.who(), "ada")
        self.assertFalse(User.objects.get(username="ada").awaits_confirmation)

    def test_without_mail_nobody_is_asked_to(self):
        with self.settings(MAIL_IS_SET_UP=False):
            self.sign_in()
        self.assertEqual(self.who(), "ada")
