"""Signing up where anybody may, where certain addresses may, and where nobody may."""

from datetime import timedelta
from unittest.mock import patch

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import IntegrityError
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from conversations.accounts import AccountAdapter
from conversations.actions.sign_up import erase_unconfirmed
from conversations.forms.sign_up import SignUpForm
from conversations.models import SiteSettings, User
from tests.answers import CountedHashes, said
from tests.base import PASSWORD
from tests.mail import PostboxMixin, link_in

SIGN_UP = reverse("account_signup")
SIGN_IN = reverse("account_login")
SENT = reverse("account_email_verification_sent")
ADDRESS = "dora@example.org"


class SignUpTestCase(PostboxMixin, TestCase):
    mode, fields = "open", {}

    def setUp(self):
        cache.clear()  # the limits on tries
        SiteSettings(sign_up=self.mode, **self.fields).save()

    def sign_up(self, email=ADDRESS, **fields):
        given = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
        return self.client.post(SIGN_UP, given | {"email": email} | fields)

    @property
    def is_signed_in(self):
        return "_auth_user_id" in self.client.session

    def expect_refused(self, response, sentence):
        self.assertContains(response, sentence)
        self.assertFalse(User.objects.exists())
        self.assertTrue(self.postbox.is_empty)


class OpenSignUpTests(SignUpTestCase):
    def test_who_confirms_their_address_is_in(self):
        self.assertRedirects(self.sign_up(), SENT)
        self.assertFalse(self.is_signed_in)
        letter = self.postbox.next()
        self.assertEqual(letter["To"], ADDRESS)
        link = link_in(letter)
        self.assertContains(self.client.get(link), ADDRESS)
        self.assertFalse(
            EmailAddress.objects.get().verified
        )  # looking confirms nothing
        self.client.post(link)
        self.assertTrue(self.is_signed_in)
        self.assertTrue(EmailAddress.objects.get().verified)
        self.assertFalse(User.objects.get().awaits_confirmation)

    def test_who_has_not_does_not_get_in_by_their_password(self):
        self.sign_up()
        link = link_in(self.postbox.next())
        cache.clear()
        for login in ("dora", ADDRESS):
            form = {"login": login, "password": PASSWORD}
            self.assertRedirects(self.client.post(SIGN_IN, form), SENT)
            self.assertFalse(self.is_signed_in)
        self.assertEqual(link_in(self.postbox.next()).split(":")[0], "http")
        self.client.cookies.clear()  # another device
        self.client.post(link)
        self.assertFalse(self.is_signed_in)
        self.client.post(SIGN_IN, {"login": "dora", "password": PASSWORD})
        self.assertTrue(self.is_signed_in)

    def test_an_address_must_be_given(self):
        self.expect_refused(self.sign_up(email=""), "errorlist")

    def test_a_taken_address_is_answered_and_worked_on_like_a_free_one(self):
        User.objects.create_user("alice", "alice@example.org", PASSWORD)
        answers, hashes = {}, {}
        for address in ("alice@example.org", ADDRESS):
            self.client.cookies.clear()
            with CountedHashes() as counted:
                response = self.sign_up(email=address)
            hashes[address] = counted.count
            page = self.client.get(response.url)
            answers[address] = [response.status_code, response.url, said(page, address)]
            letter = self.postbox.next()
            self.assertEqual(letter["To"], address)
        self.assertEqual(*answers.values())
        self.assertEqual(*hashes.values())
        self.assertEqual(User.objects.count(), 2)
        self.assertTrue(self.postbox.is_empty)

    def test_of_two_who_take_a_name_at_once_one_is_told_so(self):
        """The other has it between the look at it and its use."""
        User.objects.create_user("dora")
        with patch.object(AccountAdapter, "clean_username", lambda self, name: name):
            response = self.sign_up()
        self.assertRedirects(response, f"{SIGN_UP}?", fetch_redirect_response=False)
        page = self.client.get(response.url)
        self.assertContains(page, "Somebody has this name already.")
        self.assertEqual(User.objects.count(), 1)

    def test_of_two_who_take_an_address_at_once_one_hears_of_it_by_mail(self):
        """The other has it between the look at it and its use."""
        User.objects.create_user("erin", ADDRESS)
        with (
            patch.object(SignUpForm, "clean_email", lambda form: ADDRESS),
            patch.object(SignUpForm, "save", side_effect=IntegrityError),
        ):
            self.assertRedirects(self.sign_up(), SENT)
        self.assertEqual(self.postbox.next()["To"], ADDRESS)

    def test_a_name_in_full_width_letters_is_the_same_name(self):
        User.objects.create_user("dora", password=PASSWORD)
        self.assertContains(self.sign_up(username="\uff44ora"), "has this name already")
        form = {"login": "\uff44ora", "password": PASSWORD}
        self.client.post(SIGN_IN, form)
        self.assertTrue(self.is_signed_in)

    def test_a_name_in_letters_that_look_alike_is_the_same_name(self):
        """In Cyrillic and Greek, in part and on the whole, in either direction."""
        User.objects.create_user("dora", password=PASSWORD)
        User.objects.create_user("вера.a+1", password=PASSWORD)
        for name in ("dоra", "dorα", "DОRА", "bера.а+1", "Bepa.a+1"):
            with self.subTest(name):
                response = self.sign_up(username=name)
                self.assertContains(response, "has this name already")
        self.sign_up(username="дора")
        self.postbox.next()
        self.assertTrue(User.objects.filter(username="дора").exists())

    def test_who_made_accounts_elsewhere_comes_in_without(self):
        """An administrator made it, with an address that nobody has confirmed."""
        User.objects.create_user("erin", "erin@example.org", PASSWORD)
        self.client.post(SIGN_IN, {"login": "erin@example.org", "password": PASSWORD})
        self.assertTrue(self.is_signed_in)

    def test_what_nobody_confirms_is_erased_and_its_name_is_free(self):
        self.sign_up()
        self.postbox.next()
        User.objects.create_user("erin", "erin@example.org", PASSWORD)
        self.assertEqual(erase_unconfirmed(), 0)
        User.objects.update(date_joined=timezone.now() - timedelta(days=4))
        self.assertEqual(erase_unconfirmed(), 1)
        self.assertEqual([user.username for user in User.objects.all()], ["erin"])

    def test_a_mail_server_that_is_away_is_said(self):
        with override_settings(EMAIL_PORT=1), self.assertLogs("conversations.accounts"):
            response = self.sign_up()
            self.assertContains(self.client.get(response.url), "could not be sent")

    def test_signing_up_is_limited(self):
        for number in range(20):
            self.sign_up(username=f"dora{number}", password2="other")
        self.assertEqual(self.sign_up().status_code, 429)
        self.assertTrue(self.postbox.is_empty)


class DomainSignUpTests(SignUpTestCase):
    mode, fields = "domains", {"email_domains": "school.org\nuni.example"}

    def test_who_has_such_an_address_confirms_it(self):
        self.assertContains(self.client.get(SIGN_UP), "school.org, uni.example")
        self.assertRedirects(self.sign_up(email="Dora@School.org"), SENT)
        self.assertFalse(self.is_signed_in)
        self.client.post(link_in(self.postbox.next()))
        self.assertTrue(self.is_signed_in)

    def test_other_addresses_are_refused(self):
        for address in (
            "dora@example.org",
            "dora@sub.school.org",
            "dora@school.org.example",
            "dora@notschool.org",
            "",
        ):
            with self.subTest(address):
                self.expect_refused(self.sign_up(email=address), "errorlist")

    def test_without_mail_nobody_signs_up(self):
        with self.settings(MAIL_IS_SET_UP=False):
            self.expect_refused(self.sign_up(email="dora@school.org"), "closed")


class ClosedSignUpTests(SignUpTestCase):
    mode = "closed"

    def test_nobody_signs_up(self):
        self.assertNotContains(self.client.get(SIGN_IN), SIGN_UP)
        for response in (self.client.get(SIGN_UP), self.sign_up()):
            self.expect_refused(response, "Sign-up is closed")


@override_settings(MAIL_IS_SET_UP=False)
class WithoutMailTests(TestCase):
    def test_a_name_and_a_password_are_enough(self):
        cache.clear()
        self.assertNotContains(self.client.get(SIGN_UP), 'name="email"')
        account = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
        self.client.post(SIGN_UP, account | {"email": ADDRESS})
        self.assertIn("_auth_user_id", self.client.session)
        self.assertFalse(EmailAddress.objects.exists())

    def test_a_forgotten_password_is_for_an_administrator(self):
        page = self.client.get(reverse("account_reset_password"))
        self.assertContains(page, "Ask an administrator")
        self.assertNotContains(page, 'name="email"')
