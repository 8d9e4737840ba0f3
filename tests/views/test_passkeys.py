"""Passkeys, as what anybody can send: no browser need have made it."""

import json

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from tests.base import PASSWORD, ChatTestCase
from tests.factors import Passkey, add_app

HOST, ORIGIN = "chat.example.org", "https://chat.example.org"
STATE = "mfa.webauthn.state"  # where allauth keeps what it has asked

ONE = {"id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {}}
CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0"  # {"type":"webauthn.get"}
SENT = {
    "clientDataJSON": CLIENT_DATA,
    "authenticatorData": "AA",
    "signature": "AA",
    "userHandle": "MQ",
    "attestationObject": "oA",
}
NONSENSE = [
    "[" * 100_000,  # deeper than it can be read
    "",
    "{",
    "7",
    "[]",
    "{}",
    '"text"',
    json.dumps({"id": 1, "response": {}}),
    json.dumps(ONE | {"response": None}),
    json.dumps(ONE | {"response": {}}),
    json.dumps(ONE | {"response": SENT}),
    json.dumps(ONE | {"response": SENT | {"userHandle": None}}),
    json.dumps(ONE | {"response": SENT | {"userHandle": "////"}}),
    json.dumps(ONE | {"response": SENT | {"authenticatorData": "A" * 400}}),
    json.dumps(ONE | {"response": SENT | {"attestationObject": "o2Nm"}}),
    json.dumps(ONE | {"response": SENT | {"clientDataJSON": "AA"}}),
    json.dumps(ONE | {"response": SENT, "clientExtensionResults": 3}),
]


class PasskeyTests(ChatTestCase):
    def setUp(self):
        cache.clear()

    def test_nobody_is_signed_in_by_what_no_passkey_said(self):
        url = reverse("mfa_login_webauthn")
        for credential in NONSENSE:
            cache.clear()
            self.client.get(url, headers={"Accept": "application/json"})
            with self.subTest(credential):
                response = self.client.post(url, {"credential": credential})
                self.assertRedirects(response, "/accounts/login/")

    def test_none_is_added_by_what_no_browser_made(self):
        self.client.force_login(self.alice)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        url = reverse("mfa_add_webauthn")
        for credential in NONSENSE:
            cache.clear()
            self.client.get(url)
            with self.subTest(credential):
                fields = {"name": "Mine", "credential": credential}
                response = self.client.post(url, fields)
                self.assertEqual(response.status_code, 200)
        self.assertFalse(Authenticator.objects.exists())

    def test_the_second_step_is_not_taken_by_it(self):
        add_app(self.alice)
        self.client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
        url = reverse("mfa_authenticate")
        for credential in NONSENSE:
            cache.clear()
            self.client.get(url)
            with self.subTest(credential):
                response = self.client.post(url, {"credential": credential})
                self.assertEqual(response.status_code, 200)
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_those_of_others_are_not_there(self):
        data = {"name": "Theirs", "credential": {}}
        theirs = Authenticator.objects.create(user=self.bob, type="webauthn", data=data)
        self.client.force_login(self.alice)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            url = reverse(name, args=[theirs.pk])
            self.assertEqual(self.client.get(url).status_code, 404)
            self.assertEqual(self.client.post(url, {"name": "Mine"}).status_code, 404)
        theirs.refresh_from_db()
        self.assertEqual(theirs.data, data)


@override_settings(ALLOWED_HOSTS=[HOST], SITE_ORIGINS=[ORIGIN])
class RealPasskeyTests(ChatTestCase):
    add_url, sign_in_url = reverse("mfa_add_webauthn"), reverse("mfa_login_webauthn")

    def setUp(self):
        cache.clear()
        self.passkey = Passkey(HOST)
        self.client = self.client_at_host()

    def client_at_host(self):
        return Client(headers={"host": HOST})

    def ask(self, url, **how):
        """Ask what to sign; return it."""
        self.client.get(url, **how)
        return self.client.session[STATE]["challenge"]

    def ask_to_sign_in(self):
        return self.ask(self.sign_in_url, headers={"Accept": "application/json"})

    def add(self, origin=ORIGIN):
        self.client.force_login(self.alice)
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        made = self.passkey.made(self.ask(self.add_url), origin=origin)
        self.client.post(self.add_url, {"name": "Mine", "credential": made})
        self.client = self.client_at_host()

    def sign_in(self, challenge, origin=ORIGIN, **how):
        user = user_pk_to_url_str(self.alice).encode()
        said = self.passkey.used(challenge, origin=origin, user=user, **how)
        self.client.post(self.sign_in_url, {"credential": said})
        return "_auth_user_id" in self.client.session

    def test_one_signs_in_alone(self):
        self.add()
        self.assertTrue(self.sign_in(self.ask_to_sign_in()))

    def test_what_it_said_counts_once(self):
        self.add()
        challenge = self.ask_to_sign_in()
        self.assertTrue(self.sign_in(challenge))
        self.client = self.client_at_host()
        self.ask_to_sign_in()
        self.assertFalse(self.sign_in(challenge))

    def test_a_page_of_another_host_of_the_domain_is_not_ours(self):
        self.add("https://pupils.chat.example.org")
        self.assertFalse(Authenticator.objects.exists())
        self.add()
        for origin in ("https://pupils.chat.example.org", "https://chat.example.org:8"):
            with self.subTest(origin):
                self.assertFalse(self.sign_in(self.ask_to_sign_in(), origin))

    def test_whoever_has_found_one_needs_its_pin(self):
        """Also where the second step of another account has asked for less."""
        self.add()
        self.assertFalse(self.sign_in(self.ask_to_sign_in(), is_verified=False))
        add_app(self.bob)
        self.client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
        asked = self.ask(reverse("mfa_authenticate"))
        with override_settings(ACCOUNT_LOGIN_TIMEOUT=-1):  # bob's step is over by then
            self.assertFalse(self.sign_in(asked, is_verified=False))
