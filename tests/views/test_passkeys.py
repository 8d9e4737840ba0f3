"""Passkeys, as what anybody can send: no browser need have made it."""

import json

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from tests.base import PASSWORD, ChatTestCase
from tests.factors import add_app

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
