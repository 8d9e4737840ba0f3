"""A second factor that the site requires: who needs one, and what waits for it."""

from allauth.mfa.models import Authenticator
from django.urls import reverse

from conversations.models import SiteSettings, Terms
from tests.factors import add_app

from .test_factors import CHOOSE, SETTINGS, SIGN_IN, FactorsTestCase


class RequiredFactorTests(FactorsTestCase):
    def require(self, of):
        SiteSettings(second_factor=of).save()

    def test_nobody_needs_one_unless_it_is_required(self):
        self.client.force_login(self.alice)
        self.assertTrue(self.is_signed_in())

    def test_everybody_is_sent_to_set_one_up(self):
        self.require("everyone")
        self.client.force_login(self.alice)
        for path in ("/", SETTINGS, f"/c/{self.conversation.pk}/", "/accounts/email/"):
            with self.subTest(path):
                self.assertRedirects(self.client.get(path), CHOOSE)
        send = f"/c/{self.conversation.pk}/messages/send/"
        self.assertRedirects(self.client.post(send, {"text": "Hi"}), CHOOSE)
        self.assertContains(self.client.get(CHOOSE), "An authenticator app")

    def test_with_one_all_is_open(self):
        self.require("everyone")
        add_app(self.alice)
        self.client.force_login(self.alice)
        self.assertTrue(self.is_signed_in())

    def test_recovery_codes_alone_are_none(self):
        self.require("everyone")
        add_app(self.alice)
        Authenticator.objects.create(user=self.alice, type="recovery_codes", data={})
        Authenticator.objects.filter(type="totp").delete()
        self.client.force_login(self.alice)
        self.assertRedirects(self.client.get("/"), CHOOSE)

    def test_the_way_to_one_is_open(self):
        self.require("everyone")
        self.client.force_login(self.alice)
        self.confirm()
        for name in ("mfa_activate_totp", "mfa_add_webauthn"):
            self.assertEqual(self.client.get(reverse(name)).status_code, 200)
        self.assertRedirects(self.client.post("/accounts/logout/"), SIGN_IN)

    def test_it_comes_before_the_terms(self):
        """Neither sends them to the other for ever."""
        Terms(version="1", text="Be kind.").save()
        self.require("everyone")
        self.client.force_login(self.alice)
        response = self.client.get("/", follow=True)
        self.assertContains(response, "An authenticator app")
        add_app(self.alice)
        self.assertContains(self.client.get("/", follow=True), "Be kind.")

    def test_pages_for_everybody_do_not_know_them(self):
        self.require("everyone")
        self.client.force_login(self.alice)
        page = self.client.get("/accounts/login/")
        self.assertEqual(page.status_code, 200)
        self.assertNotContains(page, f'data-user="{self.alice.pk}"')

    def test_the_admin_is_closed_to_staff_without_one(self):
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        self.require("staff")
        self.client.force_login(self.alice)
        self.assertRedirects(self.client.get("/admin/"), CHOOSE)
        self.assertRedirects(self.client.get("/"), CHOOSE)
        add_app(self.alice)
        self.assertEqual(self.client.get("/admin/").status_code, 200)

    def test_of_staff_means_not_of_others(self):
        self.require("staff")
        self.client.force_login(self.bob)
        self.assertTrue(self.is_signed_in())
