"""A provider that lies, floods or is away: nobody comes in by it."""

from unittest.mock import patch

from django.urls import reverse

from conversations.identity.protocol import ENDPOINTS, Protocol
from conversations.models import IdentityProvider

from .identity import ADA, IdentityTestCase

REFUSED = "That did not work"
LOGGER = "conversations.identity.adapter"


class HostileProviderTests(IdentityTestCase):
    def refuse(self):
        response = self.sign_in()
        self.assertContains(response, REFUSED, status_code=401)
        self.assertEqual(self.who(), "")

    def test_a_token_it_did_not_sign_is_refused(self):
        for rules in (
            {"is_signed_by_another": True},
            {"algorithm": "none"},
            {"algorithm": "HS256"},
        ):
            with self.subTest(rules):
                self.provider.change(**rules)
                self.refuse()

    def test_a_token_for_something_else_is_refused(self):
        for claims in (
            {"nonce": "of another sign-in"},
            {"aud": "another site"},
            {"aud": ["chatsite", "another"], "azp": "another"},
            {"iss": "https://another.example"},
            {"exp": 1},
            {"sub": ""},
            {"sub": 7},
            {"sub": "x" * 192},
            {"sub": "ada-1\0"},
            {"sub": "\ud800"},
            {"sub": "somebody else"},  # than userinfo says
        ):
            with self.subTest(claims):
                self.provider.change(token_claims=claims)
                self.refuse()

    def test_userinfo_of_somebody_else_is_refused(self):
        self.provider.change(userinfo_claims={"sub": "bob-1"})
        self.refuse()

    def test_what_no_database_takes_is_replaced(self):
        said = {"preferred_username": "a\0", "name": "\ud800", "given_name": "\0"}
        self.provider.sign_in_as(ADA | said)
        self.assertEqual(self.sign_in().status_code, 200)
        self.assertNotEqual(self.who(), "")

    def test_no_redirect_is_followed(self):
        for path in ("/token", "/userinfo", "/keys"):
            with self.subTest(path):
                self.provider.change(redirects=path)
                self.refuse()
        self.assertNotIn("/elsewhere", [path for path, _ in self.provider.asked()])

    def test_an_answer_has_an_end(self):
        for path in ("/token", "/keys"):
            with self.subTest(path), self.assertLogs(LOGGER) as told:
                self.provider.change(floods=path)
                self.refuse()
                self.assertIn("ContentDecodingError", told.output[0])

    def test_an_answer_comes_in_time(self):
        """It is not waited for while its headers come, byte by byte."""
        self.provider.change(drips="/.well-known/openid-configuration")
        at_once = patch("conversations.oidc.session.TOTAL_SECONDS", 0.1)
        with at_once, self.assertLogs(LOGGER) as told:
            response = self.client.post(self.url)
            self.assertContains(response, REFUSED, status_code=401)
        self.assertIn("ReadTimeout", told.output[0])
        self.assertNotIn("dripped", [path for path, _ in self.provider.asked()])

    def test_an_answer_has_its_form(self):
        for rules in (
            {"garbles": "/token"},
            {"garbles": "/keys"},
            {"garbles": "/userinfo"},
            {"breaks": "/token"},
            {"breaks": "/keys"},
            {"nests": "/token"},
            {"nests": "/keys"},
            {"nests": "/userinfo"},
        ):
            with self.subTest(rules):
                self.provider.change(**rules)
                self.refuse()

    def test_what_it_says_of_itself_is_checked(self):
        for discovery in (
            {"issuer": "https://another.example"},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"authorization_endpoint": "http://another.example/"},
            {"token_endpoint": "http://169.254.169.254/latest"},
            {"jwks_uri": None},
        ):
            with self.subTest(discovery):
                self.provider.change(discovery=discovery)
                response = self.client.post(self.url)
                self.assertContains(response, REFUSED, status_code=401)

    def test_one_elsewhere_leads_to_nothing_on_this_machine(self):
        there = "https://id.example.org"
        plain = {name: f"{there}/{name}" for name in ENDPOINTS} | {"issuer": there}
        lying = [plain | {name: "http://127.0.0.1:6379/"} for name in ENDPOINTS]
        for said, status in ((plain, 200), *((one, 401) for one in lying)):
            answers = patch.object(Protocol, "_object_at", return_value=said)
            with self.subTest(said), answers:
                self.assertEqual(self.leave_for(there).status_code, status)

    def test_one_that_is_away_is_told_so(self):
        response = self.leave_for("http://127.0.0.1:1")
        self.assertContains(response, REFUSED, status_code=401)

    def leave_for(self, address):
        """Press the button of a provider that is there."""
        known = self.provider.settings | {"url": address}
        with self.settings(OIDC_PROVIDERS=[known]):
            slug = IdentityProvider.objects.offered()[0].slug
            return self.client.post(reverse("openid_connect_login", args=[slug]))

    def test_an_answer_nobody_asked_for_is_refused(self):
        callback = reverse("openid_connect_callback", args=[self.slug])
        response = self.client.get(f"{callback}?code=1&state=2")
        self.assertContains(response, REFUSED, status_code=401)

    def test_an_answer_counts_in_the_browser_that_asked(self):
        back = self.over_there(self.leave())
        self.client.cookies.clear()
        response = self.client.get(back)
        self.assertContains(response, REFUSED, status_code=401)
