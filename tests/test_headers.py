"""What every answer says, whatever it is, and the names of the cookies."""

import json
import os
import re
import subprocess
import sys

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from tests.base import PASSWORD, ChatTestCase
from tests.environment import ROOT

PRODUCTION = {
    "ENV_FILE": os.devnull,
    "DATABASE_URL": "sqlite://:memory:",
    "SITE_URL": "https://chat.example.org",
    "SECRET_KEY": "a secret key of many different letters, 0123456789 and more",
}
# What every answer says, and what the policy of every page says.
SAID = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types chatsite",
}
# What a policy may allow: nothing inline, nothing evaluated, nothing from elsewhere.
HARMLESS = re.compile(r"'none'|'self'|'script'|chatsite|default|admin")


def said_in_production(expression, **chosen):
    """Return what `expression` is in a site with the settings the README shows."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({expression}))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | PRODUCTION | chosen,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(found.stdout)


class ResponseHeaderTests(ChatTestCase):
    def test_what_is_said(self):
        """By name: what the site itself has on its list could be struck from it."""
        response = self.client.get("/accounts/login/")
        self.assertLessEqual(SAID.items(), dict(response.items()).items())
        policy = response["Content-Security-Policy"].split(";")
        self.assertEqual({directive.strip() for directive in policy}, POLICY)
        powers = response["Permissions-Policy"].split(", ")
        self.assertLessEqual(
            {"camera=()", "geolocation=()", "microphone=()"}, {*powers}
        )
        self.assertTrue(all(power.endswith("=()") for power in powers))

    def assertSaysAll(self, response):
        for name, value in settings.RESPONSE_HEADERS.items():
            self.assertIn(name, response.headers)
            if name not in ("Content-Security-Policy", "Cache-Control"):
                self.assertEqual(response[name], value)
        for directive in response["Content-Security-Policy"].split("; "):
            name, *sources = directive.split()
            if name != "sandbox":
                self.assertTrue(all(map(HARMLESS.fullmatch, sources)), directive)
        self.assertIn("default-src 'none'", response["Content-Security-Policy"])

    def test_pages_errors_redirects_and_probes_say_all_of_it(self):
        answers = {
            "/accounts/login/": 200,
            "/": 302,
            "/nothing/here/": 404,
            "/health/live/": 200,
            "/health": 200,
            "/metrics": 200,
            "/favicon.ico": 302,
            "/service-worker.js": 200,
            "/s/made-up/": 404,
            "/admin/": 302,
        }
        for path, status in answers.items():
            with self.subTest(path):
                response = self.client.get(path)
                self.assertEqual(response.status_code, status)
                self.assertSaysAll(response)

    def test_so_do_refusals(self):
        client = Client(enforce_csrf_checks=True)
        self.assertSaysAll(client.post(reverse("account_login")))
        self.assertSaysAll(client.get("/", headers={"host": "evil.example"}))

    def test_so_do_errors_of_ours(self):
        client = Client(raise_request_exception=False)
        with override_settings(ROOT_URLCONF="tests.broken_urls"):
            response = client.get("/broken/")
        self.assertEqual(response.status_code, 500)
        self.assertSaysAll(response)

    def test_so_do_static_files(self):
        settings.STATIC_ROOT.joinpath("a.svg").write_text("<svg/>")
        with override_settings(WHITENOISE_AUTOREFRESH=True):
            response = Client().get("/static/a.svg")
        self.assertEqual(response.getvalue(), b"<svg/>")
        self.assertSaysAll(response)

    def test_so_do_pages_of_people_and_what_they_save(self):
        self.client.force_login(self.alice)
        self.conversation.shares.create(author=self.alice, title="A", content=[])
        here = [self.conversation.pk]
        paths = [
            reverse("conversations:conversation_detail", args=here),
            reverse("conversations:conversation_export", args=[*here, "html"]),
            reverse("conversations:conversation_print", args=here),
            reverse("conversations:message_source", args=[*here, self.reply.pk]),
            reverse("conversations:share_list"),
        ]
        for path in paths:
            with self.subTest(path):
                response = self.client.get(path)
                self.assertEqual(response.status_code, 200)
                self.assertSaysAll(response)
                self.assertRegex(response["Cache-Control"], "private|no-store")

    def test_pages_make_markup_of_text_in_one_place_only(self):
        policy = self.client.get("/accounts/login/")["Content-Security-Policy"]
        self.assertIn("require-trusted-types-for 'script'", policy)
        self.assertRegex(policy, r"trusted-types chatsite(;|$)")
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        self.client.force_login(self.alice)
        policy = self.client.get("/admin/")["Content-Security-Policy"]
        self.assertIn("require-trusted-types-for 'script'", policy)
        self.assertRegex(policy, r"trusted-types chatsite admin default(;|$)")


class CookieTests(ChatTestCase):
    def test_over_https_cookies_belong_to_this_host_alone(self):
        names = said_in_production(
            "[settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "
            "settings.LANGUAGE_COOKIE_NAME]"
        )
        self.assertEqual(
            names, ["__Host-sessionid", "__Host-csrftoken", "__Host-django_language"]
        )

    def test_over_https_everything_says_so_for_a_year(self):
        headers = said_in_production("settings.RESPONSE_HEADERS")
        said = headers["Strict-Transport-Security"]
        self.assertEqual(said, "max-age=31536000; includeSubDomains; preload")

    def test_the_subdomains_of_a_host_may_be_left_alone(self):
        headers, subdomains, preload = said_in_production(
            "[settings.RESPONSE_HEADERS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, "
            "settings.SECURE_HSTS_PRELOAD]",
            HSTS_SUBDOMAINS="False",
        )
        self.assertEqual(headers["Strict-Transport-Security"], "max-age=31536000")
        self.assertEqual((subdomains, preload), (False, False))

    @override_settings(
        SESSION_COOKIE_SECURE=True,
        CSRF_COOKIE_SECURE=True,
        LANGUAGE_COOKIE_SECURE=True,
        SESSION_COOKIE_NAME="__Host-sessionid",
        CSRF_COOKIE_NAME="__Host-csrftoken",
        LANGUAGE_COOKIE_NAME="__Host-django_language",
    )
    def test_a_browser_takes_and_forgets_cookies_of_such_a_name(self):
        """It ignores those with a domain, with another path, or without `Secure`."""
        self.client.get("/accounts/login/", secure=True)
        choice = {"language": "ko"}
        self.client.post("/language/", choice, secure=True)
        kept = dict(self.client.cookies.items())
        self.client.force_login(self.alice)
        self.client.post("/language/", choice, secure=True)
        forgotten = self.client.cookies["__Host-django_language"]
        self.assertEqual(forgotten["max-age"], 0)
        kept |= {"forgotten": forgotten}
        kept |= {"session": self.client.cookies["__Host-sessionid"]}
        for name, cookie in kept.items():
            with self.subTest(name):
                self.assertTrue(cookie["secure"])
                self.assertEqual(cookie["path"], "/")
                self.assertFalse(cookie["domain"])

    def test_a_key_that_no_database_takes_is_nobodys(self):
        """Cookies may spell any sign in their quotes, as NUL here."""
        cookie = r'sessionid="\000aaaaaaaaaaaa"'
        response = self.client.get("/", headers={"cookie": cookie})
        self.assertEqual(response.status_code, 302)

    def test_no_script_reads_a_cookie_that_proves_something(self):
        person = {"login": self.alice.username, "password": PASSWORD}
        self.client.get("/accounts/login/")
        self.client.post("/accounts/login/", person)
        for name in ("csrftoken", "sessionid"):
            self.assertTrue(self.client.cookies[name]["httponly"])
