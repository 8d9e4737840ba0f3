"""Second factors: an authenticator app and recovery codes, and who needs them."""

import re
from unittest.mock import patch
from urllib.parse import unquote

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from conversations.factors import FactorsAdapter
from tests.base import PASSWORD, ChatTestCase
from tests.factors import add_app, code_of

SETTINGS, SIGN_IN = "/settings/", "/accounts/login/"
CHOOSE = "/accounts/2fa/"
NEW_PASSWORD = "another horse battery"


class FactorsTestCase(ChatTestCase):
    def setUp(self):
        cache.clear()  # tries, and codes that were used, are counted there

    def sign_in(self, name="alice", password=PASSWORD):
        self.client.logout()
        return self.client.post(SIGN_IN, {"login": name, "password": password})

    def confirm(self):
        """Give the password once more, as what follows asks for."""
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    def type_code(self, code):
        return self.client.post("/accounts/2fa/authenticate/", {"code": code})

    def is_signed_in(self):
        return self.client.get("/settings/").status_code == 200


class AuthenticatorAppTests(FactorsTestCase):
    url = reverse("mfa_activate_totp")

    def setUp(self):
        super().setUp()
        self.client.force_login(self.alice)
        self.confirm()

    def scan(self):
        """Read the key off the page, as the app does; return its secret."""
        page = self.client.get(self.url).content.decode()
        self.assertIn('<svg class="factor__scan"', page)
        return re.search(r"secret=([A-Z2-7]+)", unquote(page))[1]

    def test_it_is_set_up_by_its_first_code(self):
        secret = self.scan()
        wrong = self.client.post(self.url, {"code": "abc"})
        self.assertContains(wrong, "That is not right. Try again.")
        code = code_of(secret)
        response = self.client.post(self.url, {"code": code}, follow=True)
        self.assertContains(response, "They are shown now and never again")
        self.assertEqual(
            len(re.findall(r"<li>\d{8}</li>", response.content.decode())), 10
        )
        self.assertContains(self.client.get(SETTINGS), "signing in asks for its code")
        self.sign_in()  # whoever looked on has seen that code
        self.assertContains(self.type_code(code), "That is not right.")

    def test_signing_in_asks_for_a_code_then(self):
        secret = add_app(self.alice)
        self.assertRedirects(self.sign_in(), "/accounts/2fa/authenticate/")
        self.assertFalse(self.is_signed_in())
        self.assertContains(self.type_code("000000x"), "That is not right.")
        self.assertRedirects(self.type_code(code_of(secret)), "/")

    def test_a_code_counts_once(self):
        """Also in the half minute after its own, in which it would still fit."""
        secret = add_app(self.alice)
        code = code_of(secret)
        self.sign_in()
        self.assertRedirects(self.type_code(code), "/")
        cache.delete(f"allauth.mfa.totp.used?user={self.alice.pk}&code={code}")
        self.sign_in()
        self.assertContains(self.type_code(code), "That is not right.")

    def test_a_clock_may_be_half_a_minute_off(self):
        secret = add_app(self.alice)
        self.sign_in()
        self.assertRedirects(self.type_code(code_of(secret, steps=-1)), "/")
        self.sign_in()
        response = self.type_code(code_of(secret, steps=-3))
        self.assertContains(response, "That is not right.")

    def test_guessing_is_limited(self):
        secret = add_app(self.alice)
        self.sign_in()
        for _ in range(6):
            self.type_code("nothing")
        response = self.type_code(code_of(secret))
        self.assertContains(response, "There were too many tries.")
        self.assertFalse(self.is_signed_in())

    def test_its_key_is_kept_encrypted(self):
        secret = add_app(self.alice)
        self.assertNotIn(secret, str(Authenticator.objects.values_list("data")))

    def test_where_the_secret_key_was_lost_no_code_fits(self):
        add_app(self.alice)
        self.sign_in()
        with patch("conversations.factors.PURPOSE", "something else"):
            self.assertContains(self.type_code(code_of("")), "That is not right.")

    def test_it_is_turned_off_and_the_recovery_codes_go_with_it(self):
        add_app(self.alice)
        self.client.force_login(self.alice)
        self.confirm()
        url = reverse("mfa_deactivate_totp")
        self.assertContains(self.client.get(url), "Turn it off")
        self.assertRedirects(self.client.post(url), CHOOSE, target_status_code=302)
        self.assertFalse(Authenticator.objects.exists())

    def test_all_other_devices_are_signed_out_by_a_change(self):
        changes = {
            self.url: lambda: {"code": code_of(self.scan())},
            reverse("mfa_generate_recovery_codes"): dict,
            reverse("mfa_deactivate_totp"): dict,
        }
        self.sign_in()
        self.confirm()
        for url, fields in changes.items():
            with self.subTest(url):
                elsewhere = self.sign_in_elsewhere()
                self.assertEqual(elsewhere.get("/").status_code, 200)
                with self.captureOnCommitCallbacks(execute=True):
                    self.client.post(url, fields())
                self.assertEqual(elsewhere.get("/").status_code, 302)
                self.assertTrue(self.is_signed_in())

    def test_so_they_are_where_a_passkey_takes_the_place_of_the_password(self):
        """And without a passkey the password, the only way in, stays."""
        self.client.post(reverse("conversations:password_remove"))
        self.alice.refresh_from_db()
        self.assertTrue(self.alice.has_usable_password())
        data = {"name": "Mine", "credential": {}}
        Authenticator.objects.create(user=self.alice, type="webauthn", data=data)
        elsewhere = {"user": self.alice, "session_key": "elsewhere", "ip": "127.0.0.1"}
        UserSession.objects.create(**elsewhere)
        self.client.post(reverse("conversations:password_remove"))
        self.alice.refresh_from_db()
        self.assertFalse(self.alice.has_usable_password())
        self.assertFalse(UserSession.objects.filter(**elsewhere).exists())
        self.assertTrue(self.is_signed_in())

    def sign_in_elsewhere(self):
        browser = Client()
        browser.post(SIGN_IN, {"login": "alice", "password": PASSWORD})
        app = Authenticator.objects.filter(user=self.alice, type="totp").first()
        if app is not None:
            cache.clear()
            code = code_of(FactorsAdapter().decrypt(app.data["secret"]))
            browser.post("/accounts/2fa/authenticate/", {"code": code})
        return browser

    def test_changing_anything_asks_for_the_password_once_more(self):
        self.client.logout()
        self.client.force_login(self.alice)
        ours = "conversations:password_remove"
        for name in ("mfa_activate_totp", "mfa_add_webauthn", ours):
            response = self.client.get(reverse(name))
            self.assertIn("/accounts/reauthenticate/", response.url)

    @override_settings(MAIL_IS_SET_UP=True)
    def test_so_does_adding_an_address(self):
        """A link for a new password would go there."""
        self.client.logout()
        self.client.force_login(self.alice)
        url, added = reverse("account_email"), {"email": "mallory@example.org"}
        response = self.client.post(url, added | {"action_add": ""})
        self.assertIn("/accounts/reauthenticate/", response.url)
        theirs = EmailAddress.objects.filter(user=self.alice, **added)
        self.assertFalse(theirs.exists())
        self.client.post(response.url, {"password": PASSWORD, "next": url})
        self.assertTrue(theirs.exists())

    def test_setting_a_password_asks_for_the_passkey(self):
        """It would do in place of the passkey from then on."""
        self.client.logout()
        self.alice.set_unusable_password()
        self.alice.save()
        add_app(self.alice)
        self.client.force_login(self.alice)
        new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        response = self.client.post(reverse("account_set_password"), new)
        self.assertIn("/accounts/2fa/reauthenticate/", response.url)
        self.alice.refresh_from_db()
        self.assertFalse(self.alice.has_usable_password())


class RecoveryCodeTests(FactorsTestCase):
    def setUp(self):
        super().setUp()
        add_app(self.alice)
        self.client.force_login(self.alice)
        self.confirm()

    def make(self):
        """Make new codes; return those on the page."""
        url = reverse("mfa_generate_recovery_codes")
        page = self.client.post(url, follow=True).content.decode()
        return re.findall(r"<li>(\d{8})</li>", page)

    def test_they_are_shown_once_and_can_be_downloaded(self):
        page = self.client.post(reverse("mfa_generate_recovery_codes"), follow=True)
        codes = re.findall(r"<li>(\d{8})</li>", page.content.decode())
        self.assertEqual(len(codes), 10)
        self.assertContains(page, "%0A".join(codes))
        again = self.client.get(reverse("mfa_view_recovery_codes"))
        self.assertContains(again, "10 codes are left.")
        self.assertNotContains(again, codes[0])
        url = "/accounts/2fa/recovery-codes/download/"  # allauth's own
        self.assertEqual(self.client.get(url).status_code, 404)

    def test_each_signs_in_once(self):
        first, second, *_ = self.make()
        for code, fits in ((first, True), (first, False), (second, True)):
            self.sign_in()
            self.assertEqual(self.type_code(code).status_code == 302, fits)

    def test_new_ones_take_the_place_of_the_former(self):
        former, *_ = self.make()
        self.make()
        self.sign_in()
        self.assertContains(self.type_code(former), "That is not right.")
