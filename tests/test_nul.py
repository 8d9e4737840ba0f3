"""NUL, which no database takes for text: in the path, the query or a form of any page.

Of every field that people fill in, tests/test_extra_fields.py asks the same.
"""

from django.contrib import admin
from django.db import models
from django.urls import reverse

from conversations.models import Folder, User
from tests.base import PASSWORD, ChatTestCase

SIGN = "\ufffd"  # what stands for it in all texts
WORDS = (models.CharField, models.TextField)


def word_fields(model):
    return [field.name for field in model._meta.fields if isinstance(field, WORDS)]


class NulTests(ChatTestCase):
    def sign_in_as_administrator(self):
        self.bob.is_staff = self.bob.is_superuser = True
        self.bob.save()
        self.client.force_login(self.bob)

    def test_no_list_of_the_administration_breaks(self):
        self.sign_in_as_administrator()
        for model in admin.site._registry:
            options = model._meta
            name = f"admin:{options.app_label}_{options.model_name}_changelist"
            with self.subTest(name):
                page = self.client.get(reverse(name), follow=True)
                self.assertEqual(page.status_code, 200)
            fields = word_fields(model)
            queries = ["q=%00", "o=%00", "p=%00", "%00=1", "_to_field=%00"]
            for query in [*queries, *(f"{field}=%00" for field in fields)]:
                with self.subTest(name, query=query):
                    response = self.client.get(f"{reverse(name)}?{query}")
                    self.assertIn(response.status_code, (200, 302, 400, 403))

    def test_no_form_of_the_administration_breaks(self):
        self.sign_in_as_administrator()
        for name in ("provider", "persona", "invitation", "user", "notice"):
            url = reverse(f"admin:conversations_{name}_changelist")
            sent = {"action": "\0", "_selected_action": ["\0"], "index": "\0"}
            for address in (url, f"{url}add/"):
                with self.subTest(address):
                    response = self.client.post(address, sent)
                    self.assertIn(response.status_code, (200, 302, 403))

    def test_no_address_breaks(self):
        self.client.force_login(self.alice)
        for path in ("/%00", "/s/%00/", "/join/%00/", "/admin/%00/", "/static/%00"):
            with self.subTest(path):
                self.assertIn(self.client.get(path).status_code, (302, 404))

    def test_the_sign_in_pages_take_it_for_a_wrong_name(self):
        person = {"login": "alice\0", "password": PASSWORD}
        response = self.client.post(reverse("account_login"), person)
        self.assertContains(response, "do not belong together")

    def test_it_is_kept_as_the_sign_that_stands_for_it(self):
        """In what is sent as an address and as a form of several parts alike."""
        self.client.force_login(self.alice)
        url = reverse("conversations:folder_create")
        self.client.post(url, {"name": "a\0b"})
        text = "name=c%00d"
        kind = "application/x-www-form-urlencoded"
        self.client.post(url, text, content_type=kind)
        names = set(Folder.objects.values_list("name", flat=True))
        self.assertEqual(names, {f"a{SIGN}b", f"c{SIGN}d"})

    def test_a_form_and_an_address_without_one_arrive_as_they_were_sent(self):
        url = reverse("account_login")
        person = {"login": "alice", "password": PASSWORD}
        response = self.client.post(f"{url}?next=/settings/%3Fa%3D%25", person)
        self.assertRedirects(response, "/settings/?a=%", fetch_redirect_response=False)
        self.assertIsNotNone(User.objects.get(pk=self.alice.pk).last_login)
