"""Nobody finds out by asking who has an account here, nor tries for long."""

from django.contrib.auth import hashers
from django.core.cache import cache
from django.test import SimpleTestCase, override_settings
from django.urls import reverse

from chatsite import accounts
from conversations.models import User
from tests.answers import CountedHashes, said
from tests.base import PASSWORD, ChatTestCase
from tests.mail import PostboxMixin, link_in

SIGN_IN = reverse("account_login")
RESET = reverse("account_reset_password")
NEW_PASSWORD = "another horse battery"


class SignInTests(ChatTestCase):
    def setUp(self):
        cache.clear()  # the limits on tries
        User.objects.filter(username="carol").update(is_active=False)
        self.bob.set_unusable_password()
        self.bob.save()

    def sign_in(self, login, password="wrong", **more):
        return self.client.post(SIGN_IN, {"login": login, "password": password}, **more)

    def test_a_wrong_password_is_answered_like_an_unknown_name(self):
        """Also where the account is closed, and where it has no password."""
        answers, hashes = {}, {}
        for name in ("nobody", "alice", "bob", "carol"):
            for login in (name, f"{name}@example.org"):
                self.client.cookies.clear()
                with CountedHashes() as counted:
                    response = self.sign_in(login)
                answers[login] = [response.status_code, said(response, login)]
                hashes[login] = counted.count
        for login, answer in answers.items():
            with self.subTest(login):
                self.assertEqual(answer, answers["nobody"])
                self.assertEqual(hashes[login], 1)

    def test_each_name_is_tried_some_times_only_whether_it_is_known_or_not(self):
        answers = {}
        for login in ("alice", "nobody", "alice@example.org", "nobody@example.org"):
            cache.clear()
            for port in range(5):  # whatever address the site is asked by
                self.sign_in(login, headers={"Host": f"localhost:{port}"})
            with CountedHashes() as counted:
                response = self.sign_in(login, PASSWORD)
            self.assertEqual(counted.count, 0)
            self.assertContains(response, "too many tries")
            answers[login] = said(response, login)
        self.assertNotIn("_auth_user_id", self.client.session)
        self.assertEqual(len(set(map(tuple, answers.values()))), 1)

    def test_each_visitor_tries_some_names_only(self):
        for number in range(10):
            self.sign_in(f"name{number}")
        self.assertContains(self.sign_in("alice", PASSWORD), "too many tries")

    def test_an_administrator_is_no_exception(self):
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        for _ in range(5):
            self.sign_in("alice")
        form = {"username": "alice", "password": PASSWORD}
        for url in (SIGN_IN, reverse("admin:login")):
            self.client.post(url, form | {"login": "alice"}, follow=True)
            self.assertNotIn("_auth_user_id", self.client.session)


class ResetTests(PostboxMixin, ChatTestCase):
    def setUp(self):
        cache.clear()  # the limits on tries

    def ask(self, address, **more):
        return self.client.post(RESET, {"email": address}, **more)

    def test_an_unknown_address_is_answered_and_worked_on_like_a_known_one(self):
        """A mail is sent in any case: that is what takes the time."""
        User.objects.filter(username="carol").update(is_active=False)
        answers = {}
        for name in ("nobody", "alice", "carol"):
            address = f"{name}@example.org"
            with CountedHashes() as counted:
                response = self.ask(address)
            self.assertEqual(counted.count, 0)
            self.assertEqual(self.postbox.next()["To"], address)
            page = self.client.get(response.url)
            answers[name] = [response.status_code, response.url, said(page, address)]
        self.assertEqual(answers["alice"], answers["nobody"])
        self.assertEqual(answers["carol"], answers["nobody"])
        self.assertTrue(self.postbox.is_empty)

    def test_the_link_gives_a_new_password_once_and_ends_every_session(self):
        elsewhere = self.client_class()
        elsewhere.force_login(self.alice)
        self.ask("alice@example.org")
        link = link_in(self.postbox.next())
        form = self.client.get(link, follow=True)
        new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        self.client.post(form.request["PATH_INFO"], new)
        self.alice.refresh_from_db()
        self.assertTrue(self.alice.check_password(NEW_PASSWORD))
        self.assertEqual(elsewhere.get("/").status_code, 302)
        self.assertContains(self.client_class().get(link), "used up")

    def test_who_has_tried_too_often_signs_in_with_the_new_password(self):
        tried = {"login": "alice", "password": "wrong"}
        for _ in range(6):
            self.client.post(SIGN_IN, tried)
        self.ask("alice@example.org")
        form = self.client.get(link_in(self.postbox.next()), follow=True)
        new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        self.client.post(form.request["PATH_INFO"], new)
        self.client.post(SIGN_IN, tried | {"password": NEW_PASSWORD})
        self.assertIn("_auth_user_id", self.client.session)

    @override_settings(SITE_URL="https://chat.example.org", ALLOWED_HOSTS=["*"])
    def test_the_link_leads_to_the_site_whatever_host_was_asked(self):
        self.ask("alice@example.org", headers={"Host": "evil.example:1337"})
        link = link_in(self.postbox.next())
        self.assertTrue(link.startswith(f"https://chat.example.org{RESET}key/"), link)

    def test_asking_is_limited_whether_it_is_known_or_not(self):
        for name in ("alice", "nobody"):
            cache.clear()
            for _ in range(5):
                self.ask(f"{name}@example.org")
                self.postbox.next()
            self.assertEqual(self.ask(f"{name}@example.org").status_code, 429)
            self.assertTrue(self.postbox.is_empty)

    def test_links_are_not_tried_for_long(self):
        names = {"uidb36": "1", "key": "abc-def"}
        url = reverse("account_reset_password_from_key", kwargs=names)
        codes = [self.client.post(url).status_code for _ in range(21)]
        self.assertEqual((codes[19], codes[20]), (200, 429))


@override_settings(PASSWORD_HASHERS=accounts.PASSWORD_HASHERS)
class PasswordTests(SimpleTestCase):
    def test_passwords_are_kept_by_argon2(self):
        kept = hashers.make_password(PASSWORD)
        self.assertTrue(kept.startswith("argon2$argon2id$"))
        self.assertTrue(hashers.check_password(PASSWORD, kept))
