"""Signing in with an account of somewhere else: a real provider, over real HTTP."""

import re
from unittest.mock import patch
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.urls import reverse

from conversations.accounts import AccountAdapter
from conversations.models import SiteSettings, User
from tests.base import PASSWORD
from tests.factors import add_app

from .identity import ADA, IdentityTestCase


class SignInTests(IdentityTestCase):
    def test_the_sign_in_page_offers_it(self):
        page = self.client.get("/accounts/login/")
        self.assertContains(page, "Sign in with School")
        self.assertContains(page, self.url)

    def test_who_is_new_gets_an_account_without_a_password(self):
        response = self.sign_in()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.who(), "ada")
        ada = User.objects.get(username="ada")
        self.assertFalse(ada.has_usable_password())
        self.assertTrue(EmailAddress.objects.get(user=ada).verified)

    def test_one_who_has_no_address_over_there_is_asked_for_none(self):
        self.provider.sign_in_as({"sub": "1", "preferred_username": "bert"})
        self.sign_in()
        self.assertEqual(self.who(), "bert")

    def test_a_name_in_full_width_letters_is_taken_by_who_has_it_in_plain_ones(self):
        """And one with a Cyrillic letter, which is no other to the eye."""
        for number, name in enumerate(("\uff41lice", "\u0430lice")):
            self.provider.sign_in_as({"sub": str(number), "preferred_username": name})
            self.sign_in()
            self.assertNotIn(self.who(), ("", "alice", name))
            self.client.logout()

    def test_nobody_is_shown_under_the_user_name_of_somebody_else(self):
        """What they write stands under their first name."""
        names = (
            {"given_name": "alice"},
            {"name": "Alice Liddell"},
            {"given_name": "\u0430lic\u200be"},
        )
        for number, name in enumerate(names):
            told = {"sub": str(number), "preferred_username": f"mallory{number}"}
            with self.subTest(name):
                self.provider.sign_in_as(told | name)
                self.sign_in()
                mallory = User.objects.get(username=self.who())
                self.assertEqual(mallory.display_name, f"mallory{number}")
                self.client.logout()

    def test_a_name_in_full_width_letters_is_kept_in_plain_ones(self):
        self.provider.sign_in_as({"sub": "1", "preferred_username": "\uff41da"})
        self.sign_in()
        self.assertEqual(self.who(), "ada")

    def test_it_is_the_subject_that_counts(self):
        self.sign_in()
        self.client.logout()
        other_name = {"preferred_username": "al", "email": "al@school.example"}
        self.provider.sign_in_as(ADA | other_name)
        self.sign_in()
        self.assertEqual(self.who(), "ada")
        self.client.logout()
        self.provider.sign_in_as(ADA | {"sub": "ada-2", "email": "a@school.example"})
        self.sign_in()
        self.assertNotIn(self.who(), ("", "ada"))

    def test_of_two_who_get_a_name_at_once_one_is_asked_for_another(self):
        """The other has it between the look at it and its use."""
        User.objects.create_user("ada")

        def populate(adapter, request, user):
            user.username = "ada"

        with patch.object(AccountAdapter, "populate_username", populate):
            self.assertContains(self.sign_in(), "Choose what you are called here.")
        url = reverse("socialaccount_signup")
        response = self.client.post(url, {"username": "ada"})
        self.assertContains(response, "Somebody has this name already.")
        self.assertEqual(self.who(), "")
        self.client.post(url, {"username": "countess"})
        self.assertEqual(self.who(), "countess")

    def test_who_comes_twice_at_once_comes_once(self):
        self.provider.sign_in_as({"sub": "ada-1", "preferred_username": "ada"})
        self.sign_in()
        self.client.logout()
        with patch.object(SocialLogin, "_lookup_by_socialaccount", return_value=False):
            self.assertContains(self.sign_in(), "Sign in")
        self.assertEqual(SocialAccount.objects.count(), 1)
        self.assertEqual(User.objects.filter(username__startswith="ada").count(), 1)
        self.sign_in()
        self.assertEqual(self.who(), "ada")

    def test_another_address_is_another_provider(self):
        """A provider that takes the place of the former does not bring its people."""
        self.sign_in()
        self.assertEqual(SocialAccount.objects.get().provider, self.slug)
        self.assertIn(str(urlsplit(self.provider.url).port), self.slug)

    def test_nobody_is_given_the_account_of_an_address(self):
        alices = {"email": "alice@example.org", "preferred_username": "alice"}
        EmailAddress.objects.create(user=self.alice, email="alice@example.org")
        for verified in (True, False, "true"):
            with self.subTest(verified):
                self.provider.sign_in_as(ADA | alices | {"email_verified": verified})
                self.sign_in()
                self.assertEqual(self.who(), "")
        self.assertFalse(SocialAccount.objects.filter(user=self.alice).exists())

    def test_an_address_is_confirmed_in_plain_words_only(self):
        for verified in ("false", "true", 1, None):
            with self.subTest(verified):
                sub = f"sub {verified}"
                self.provider.sign_in_as(
                    {
                        "sub": sub,
                        "email": f"{len(sub)}@x.org",
                        "email_verified": verified,
                    }
                )
                self.sign_in()
                self.assertFalse(EmailAddress.objects.latest("pk").verified)
                self.client.logout()

    def test_where_sign_up_is_closed_nobody_new_comes_in(self):
        SiteSettings(sign_up=SiteSettings.SignUp.CLOSED).save()
        self.sign_in()
        self.assertEqual(self.who(), "")
        self.assertFalse(User.objects.filter(username="ada").exists())

    def test_of_certain_domains_the_address_must_be_confirmed_over_there(self):
        mode = SiteSettings.SignUp.DOMAINS
        SiteSettings(sign_up=mode, email_domains="school.example").save()
        for claims in (
            {"email": "ada@elsewhere.example"},
            {"email": "ada@school.example", "email_verified": False},
        ):
            self.provider.sign_in_as(ADA | claims)
            self.sign_in()
            self.assertEqual(self.who(), "")
        self.provider.sign_in_as(ADA)
        self.sign_in()
        self.assertEqual(self.who(), "ada")

    def test_the_second_factor_is_asked_for_as_well(self):
        self.sign_in()
        self.client.logout()
        add_app(User.objects.get(username="ada"))
        response = self.sign_in()
        self.assertEqual(response.redirect_chain[-1][0], "/accounts/2fa/authenticate/")
        self.assertEqual(self.who(), "")

    def test_who_is_shut_out_stays_out(self):
        self.sign_in()
        self.client.logout()
        User.objects.filter(username="ada").update(is_active=False)
        self.sign_in()
        self.assertEqual(self.who(), "")

    def test_it_goes_on_where_one_was_going_but_not_to_another_site(self):
        response = self.sign_in(next="/settings/")
        self.assertEqual(response.redirect_chain[-1][0], "/settings/")
        self.client.logout()
        response = self.sign_in(next="https://evil.example/")
        self.assertEqual(response.redirect_chain[-1][0], "/")

    def test_only_a_post_leads_there(self):
        before = self.provider.asked()
        self.assertContains(self.client.get(self.url), "Sign in with School")
        self.assertEqual(self.provider.asked(), before)

    def test_nobody_else_says_what_goes_there(self):
        before = self.leave()
        self.url += "?scope=admin&auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example"
        after = self.leave()
        self.assertNotIn("admin", after)
        self.assertNotIn("evil", after)
        self.assertEqual(len(before), len(after))

    def test_it_may_be_cancelled(self):
        callback = reverse("openid_connect_callback", args=[self.slug])
        state = re.search(r"state=(\w+)", self.leave())[1]
        url = f"{callback}?error=access_denied&state={state}"
        response = self.client.get(url, follow=True)
        self.assertContains(response, "You turned back over there.")

    def test_there_is_no_other_provider(self):
        for name in ("openid_connect_login", "openid_connect_callback"):
            url = reverse(name, args=["elsewhere"])
            self.assertEqual(self.client.get(url).status_code, 404)


class ConnectedAccountTests(IdentityTestCase):
    connections = reverse("socialaccount_connections")

    def connect(self):
        self.client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        self.url = f"{self.sign_in_url}?process=connect"
        return self.sign_in()

    def test_one_connects_it_and_signs_in_with_it(self):
        self.assertContains(self.connect(), "The account is connected.")
        self.assertContains(self.client.get("/settings/"), "School")
        self.client.logout()
        self.url = self.sign_in_url
        self.sign_in()
        self.assertEqual(self.who(), "alice")

    def test_connecting_asks_for_the_password_once_more(self):
        self.client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
        self.url += "?process=connect"
        response = self.sign_in()
        self.assertIn("/accounts/reauthenticate/", response.redirect_chain[-1][0])
        self.assertFalse(SocialAccount.objects.exists())

    def test_one_disconnects_it(self):
        self.connect()
        account = SocialAccount.objects.get()
        response = self.client.post(
            self.connections, {"account": account.pk}, follow=True
        )
        self.assertContains(response, "The account is disconnected.")
        self.assertFalse(SocialAccount.objects.exists())

    def test_one_whose_provider_is_gone_can_be_disconnected(self):
        self.connect()
        account = SocialAccount.objects.get()
        with self.settings(OIDC_PROVIDERS=[]):
            self.assertContains(self.client.get(self.connections), self.slug)
            self.client.post(self.connections, {"account": account.pk})
        self.assertFalse(SocialAccount.objects.exists())

    def test_the_only_way_in_stays(self):
        self.sign_in()
        account = SocialAccount.objects.get()
        response = self.client.post(self.connections, {"account": account.pk})
        self.assertContains(response, "It is your only way to sign in.")
        self.assertTrue(SocialAccount.objects.exists())

    def test_an_account_without_a_password_can_be_deleted(self):
        self.sign_in()
        page = self.client.get("/settings/account/remove/")
        self.assertNotContains(page, "Your password")
        response = self.client.post("/settings/account/remove/")
        self.assertRedirects(response, "/accounts/login/")
        self.assertFalse(User.objects.filter(username="ada").exists())

    def test_those_of_others_cannot_be_disconnected(self):
        self.connect()
        account = SocialAccount.objects.get()
        self.client.logout()
        self.client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        self.client.post(self.connections, {"account": account.pk})
        self.assertTrue(SocialAccount.objects.exists())
