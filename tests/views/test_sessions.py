"""Whatever gives a browser a new key, the list of sessions knows it still."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.urls import reverse

from conversations.actions.factors import reset_factors
from tests.admin.base import AdminTestCase
from tests.base import PASSWORD

NEW_PASSWORD = "another horse battery"


class SessionKeyTests(AdminTestCase):
    """Bob, the administrator, and alice sign in by their passwords."""

    def setUp(self):
        cache.clear()  # the limits on tries

    def sign_in(self, user):
        form = {"login": user.username, "password": PASSWORD}
        self.client.post(reverse("account_login"), form)

    def keys_of(self, user):
        theirs = UserSession.objects.filter(user=user)
        return list(theirs.values_list("session_key", flat=True))

    def test_who_gave_their_password_up_can_be_signed_out(self):
        self.sign_in(self.alice)
        self.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        data = {"name": "Mine", "credential": {}}
        Authenticator.objects.create(user=self.alice, type="webauthn", data=data)
        self.client.post(reverse("conversations:password_remove"))
        self.alice.refresh_from_db()
        self.assertFalse(self.alice.has_usable_password())
        self.assertEqual(self.keys_of(self.alice), [self.client.session.session_key])
        reset_factors(user=self.alice, actor=self.bob)
        self.assertEqual(self.client.get("/").status_code, 302)

    def test_an_administrator_who_sets_a_password_is_listed_under_their_new_key(self):
        self.sign_in(self.bob)
        former = self.keys_of(self.bob)
        url = reverse("admin:auth_user_password_change", args=[self.alice.pk])
        new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        self.client.post(url, new | {"usable_password": "true"})
        self.assertEqual(self.keys_of(self.bob), [self.client.session.session_key])
        self.assertNotEqual(self.keys_of(self.bob), former)
