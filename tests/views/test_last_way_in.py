"""Of two ways in that go at once, one stays."""

from functools import partial
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.db.models.signals import pre_delete
from django.test import Client, TransactionTestCase
from django.urls import reverse

from conversations.accounts import AccountAdapter
from conversations.models import IdentityProvider, User
from tests.at_once import Meeting, do_at_once

ELSEWHERE = {"name": "School", "url": "https://school.example", "client_id": "chat"}


class LastWayInTests(TransactionTestCase):
    """Alice has no password. She is asked for nothing once more."""

    def setUp(self):
        cache.clear()  # the limits on tries
        self.alice = User.objects.create_user("alice")
        never = partial(patch.object, AccountAdapter, "is_reauthentication_required")
        self.enterContext(never(return_value=False))
        self.meeting = Meeting()

    def add_passkey(self):
        data = {"name": "Mine", "credential": {}}
        return Authenticator.objects.create(user=self.alice, type="webauthn", data=data)

    def post_at_once(self, model, *forms):
        """Send these; each goes on once both are about to delete a `model`."""
        acts = []
        for url, fields in forms:
            browser = Client()
            browser.force_login(self.alice)
            acts.append(partial(browser.post, url, fields))
        pre_delete.connect(self.meeting.wait, sender=model)
        try:
            self.assertEqual(do_at_once(*acts), [])
        finally:
            pre_delete.disconnect(self.meeting.wait, sender=model)

    def test_of_two_passkeys(self):
        keys = [self.add_passkey(), self.add_passkey()]
        urls = [reverse("mfa_remove_webauthn", args=[key.pk]) for key in keys]
        self.post_at_once(Authenticator, *((url, {}) for url in urls))
        self.assertEqual(Authenticator.objects.count(), 1)

    def test_of_two_accounts_of_somewhere_else(self):
        slug = IdentityProvider.objects.create(**ELSEWHERE).slug
        url, forms = reverse("socialaccount_connections"), []
        for uid in "12":
            ways = SocialAccount.objects
            told = {"provider": slug, "uid": uid, "extra_data": {"email": ""}}
            way = ways.create(user=self.alice, **told)
            forms.append((url, {"account": way.pk}))
        self.post_at_once(SocialAccount, *forms)
        self.assertEqual(SocialAccount.objects.count(), 1)
