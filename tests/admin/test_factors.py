from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from conversations.actions.factors import reset_factors
from conversations.actions.refusals import Refusal
from conversations.models import AuditEntry
from tests.base import PASSWORD
from tests.factors import add_app, code_of

from .base import AdminTestCase

SIGN_IN = {"login": "alice", "password": PASSWORD}


class FactorsResetTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.secret = add_app(self.alice)
        name = "admin:conversations_user_factors_reset"
        self.url = reverse(name, args=[self.alice.pk])
        self.page = reverse("admin:conversations_user_change", args=[self.alice.pk])

    def has_factor(self, user=None):
        return Authenticator.objects.filter(user=user or self.alice).exists()

    def test_page_of_a_user_says_what_they_have_and_no_secret(self):
        response = self.client.get(self.page)
        self.assertContains(response, "authenticator app")
        self.assertContains(response, self.url)
        self.assertNotContains(response, self.secret)

    def test_nothing_is_reset_before_it_was_confirmed(self):
        self.assertContains(self.client.get(self.url), "Make sure that it is they")
        self.assertTrue(self.has_factor())

    def test_all_go_and_they_are_signed_out_and_it_is_recorded(self):
        theirs = Client()
        theirs.post("/accounts/login/", SIGN_IN)
        theirs.post("/accounts/2fa/authenticate/", {"code": code_of(self.secret)})
        self.assertEqual(theirs.get("/").status_code, 200)
        self.assertRedirects(self.client.post(self.url), self.page)
        self.assertFalse(self.has_factor())
        self.assertFalse(UserSession.objects.filter(user=self.alice).exists())
        self.assertEqual(theirs.get("/").status_code, 302)
        entry = AuditEntry.objects.first()
        said = (entry.verb, entry.actor_id, entry.target_id)
        self.assertEqual(said, ("factors.reset", self.bob.pk, str(self.alice.pk)))
        self.assertEqual(Client().post("/accounts/login/", SIGN_IN).url, "/")

    def test_it_takes_the_permission_to_change_users(self):
        self.become(self.carol, "view_user")
        self.assertEqual(self.client.post(self.url).status_code, 403)
        self.client.force_login(self.alice)
        self.assertEqual(self.client.post(self.url).status_code, 302)
        self.assertTrue(self.has_factor())

    def test_those_of_superusers_are_for_superusers_to_reset(self):
        add_app(self.bob)
        self.become(self.carol, "change_user", "view_user")
        name = "admin:conversations_user_factors_reset"
        url = reverse(name, args=[self.bob.pk])
        self.assertEqual(self.client.post(url).status_code, 403)
        self.assertTrue(self.has_factor(self.bob))

    def test_that_holds_for_the_action_whoever_calls_it(self):
        with self.assertRaises(Refusal):
            reset_factors(user=self.bob, actor=self.carol)
