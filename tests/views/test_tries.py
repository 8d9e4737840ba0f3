"""Every way in, and every page that asks for a password, takes so many tries only."""

from django.core.cache import cache
from django.urls import reverse

from tests.base import PASSWORD, ChatTestCase
from tests.factors import add_app, code_of
from tests.views.identity import IdentityTestCase

AGAIN = {"password": "wrong"}
CHANGE = {"oldpassword": "wrong", "password1": PASSWORD, "password2": PASSWORD}
ADDRESS = {"action_add": "", "email": "no address"}
CREDENTIAL = {"credential": "{}"}
# By the name of the page: whether one is signed in there, what is sent, how often.
PAGES = {
    "account_login": (False, {"login": "", "password": ""}, 30),
    "account_signup": (False, {"username": ""}, 20),
    "account_reset_password": (False, {"email": "a@example.org"}, 5),
    "mfa_login_webauthn": (False, CREDENTIAL, 10),
    "conversations:invitation_find": (False, {"code": "AAAA-AAAA"}, 10),
    "account_reauthenticate": (True, AGAIN, 10),
    "account_change_password": (True, CHANGE, 5),
    "account_email": (True, ADDRESS, 10),
    "conversations:account_remove": (True, AGAIN, 10),
}


class TriesTests(ChatTestCase):
    def setUp(self):
        cache.clear()
        self.addCleanup(cache.clear)

    def test_each_page_takes_so_many(self):
        for name, (is_signed_in, fields, most) in PAGES.items():
            cache.clear()
            self.client.logout()
            if is_signed_in:
                self.client.force_login(self.alice)
            url = reverse(name)
            with self.subTest(name):
                codes = [self.client.post(url, fields).status_code for _ in range(most)]
                self.assertNotIn(429, codes)
                self.assertEqual(self.client.post(url, fields).status_code, 429)

    def test_where_a_code_is_asked_for_once_more(self):
        secret = add_app(self.alice)
        self.client.force_login(self.alice)
        url = reverse("mfa_reauthenticate")
        for _ in range(5):
            self.client.post(url, {"code": "nothing"})
        response = self.client.post(url, {"code": code_of(secret)})
        self.assertContains(response, "too many tries")


class ElsewhereTests(IdentityTestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(cache.clear)

    def test_the_way_to_a_provider_takes_so_many_tries(self):
        codes = [self.client.post(self.url).status_code for _ in range(31)]
        self.assertEqual((codes[29], codes[30]), (200, 429))
