import time
from unittest import mock

from django.test import TestCase
from django.urls import reverse

from conversations.actions.administrators import make_setup_token
from conversations.models import User

ACCOUNT = {
    "username": "root",
    "email": "root@example.org",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}


class AdministratorCreateTests(TestCase):
    def setUp(self):
        self.url = reverse(
            "conversations:administrator_create", args=[make_setup_token()]
        )

    def test_link_makes_an_administrator_who_is_signed_in(self):
        self.client.post(self.url, ACCOUNT)
        user = User.objects.get()
        self.assertTrue(user.is_superuser)
        self.assertEqual(self.client.session["_auth_user_id"], str(user.pk))

    def test_an_address_in_capitals_signs_them_in(self):
        self.client.post(self.url, ACCOUNT | {"email": "Root@Example.org"})
        self.client.logout()
        form = {"login": "Root@Example.org", "password": ACCOUNT["password1"]}
        self.client.post(reverse("account_login"), form)
        self.assertIn("_auth_user_id", self.client.session)

    def test_link_works_once(self):
        self.client.post(self.url, ACCOUNT)
        self.assertEqual(self.client.get(self.url).status_code, 404)
        response = self.client.post(self.url, ACCOUNT | {"username": "second"})
        self.assertEqual(response.status_code, 404)
        self.assertEqual(User.objects.count(), 1)

    def test_made_up_link_is_not_there(self):
        url = reverse("conversations:administrator_create", args=["made-up"])
        self.assertEqual(self.client.post(url, ACCOUNT).status_code, 404)
        self.assertFalse(User.objects.exists())

    def test_link_is_good_for_a_day(self):
        tomorrow = time.time() + 24 * 60 * 60 + 1
        with mock.patch("django.core.signing.time.time", return_value=tomorrow):
            response = self.client.post(self.url, ACCOUNT)
        self.assertEqual(response.status_code, 404)
        self.assertFalse(User.objects.exists())

    def test_bad_password_is_said_and_the_name_is_kept(self):
        account = ACCOUNT | {"password1": "123", "password2": "123"}
        response = self.client.post(self.url, account)
        self.assertContains(response, "too short")
        self.assertContains(response, 'value="root"')
        self.assertFalse(User.objects.exists())
