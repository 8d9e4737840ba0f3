"""Every address of the administration × who asks, from its URL table.

A new address is asked for like the others; one with a part that is unknown here fails.
"""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import URLResolver, reverse

from conversations.models import Invitation, Provider, Share
from tests.base import ChatTestCase

# What everybody who is staff may open, whatever they may do there.
FOR_ALL_STAFF = {"index", "app_list", "jsi18n", "password_change"}
FOR_ALL_STAFF |= {"password_change_done", "autocomplete"}
# Sign-in and sign-out are the site's own: tests/admin/test_site.py.
OF_THE_SITE = {"login", "logout"}
# What stands in an address and names no row.
WRITTEN = {"number": 1, "name": "personas", "state": "done"}
SECRET = "What nobody else may read"


def patterns(found, before=""):
    """Yield `(name, [parts of its address that are given])` of every address."""
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, before)
        elif pattern.name:
            yield pattern.name, list(pattern.pattern.converters)


class AdminAccessTests(ChatTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.conversation.title = SECRET
        cls.conversation.save()
        cls.question.text = cls.question.html = SECRET
        cls.question.save()
        Provider.objects.create(name="Ours", base_url="http://x.example")
        cls.rows = {}
        for model in admin.site._registry:
            cls.rows[model._meta.model_name] = model._default_manager.first()

    def addresses(self):
        for name, parts in patterns(admin.site.urls[0]):
            if name not in OF_THE_SITE:
                given = {part: self.part(part, name) for part in parts}
                if name == "app_list":
                    given = {"app_label": "conversations"}
                yield name, reverse(f"admin:{name}", kwargs=given)

    def part(self, part, name):
        """What stands in an address: the row it is about, where there is one."""
        if part in WRITTEN:
            return WRITTEN[part]
        if part in ("object_id", "id"):
            noun = name.split("_")[1]
        else:
            noun, _, kind = part.rpartition("_")
            assert kind == "id", f"{name}: what is to stand for “{part}”?"
        row = self.rows.get(noun)
        return row.pk if row else 1

    def ask(self, address, method):
        before = transaction.savepoint()
        response = getattr(self.client, method)(address)
        transaction.savepoint_rollback(before)
        return response

    def assertAllRefused(self, *, but=()):
        for name, address in self.addresses():
            for method in ("get", "post"):
                with self.subTest(name, method=method):
                    response = self.ask(address, method)
                    if name in but:
                        self.assertIn(response.status_code, (200, 302, 403, 404, 405))
                    elif response.status_code == 302:
                        self.assertRegex(response.url, self.elsewhere(name))
                    else:
                        self.assertIn(response.status_code, (403, 404, 405))
                    self.assertNotIn(SECRET, self.text_of(response))

    @staticmethod
    def elsewhere(name):
        """Where one is sent who may not: to sign in, or to the first page.

        A list of one row sends to that row, and asks there.
        """
        of_one = "|conversations/.*/change/$" if name.endswith("_changelist") else ""
        return f"^/accounts/login/|^/admin/($|login/{of_one})"

    @staticmethod
    def text_of(response):
        return response.getvalue().decode()

    def test_who_is_not_signed_in(self):
        self.assertAllRefused()

    def test_who_is_no_staff(self):
        self.client.force_login(self.bob)
        self.assertAllRefused()

    def test_staff_who_may_do_nothing(self):
        self.bob.is_staff = True
        self.bob.save()
        self.client.force_login(self.bob)
        self.assertAllRefused(but=FOR_ALL_STAFF)
        by = {"author": self.alice}
        invitation = Invitation.objects.create(**by)
        share = Share.objects.create(conversation=self.conversation, content=[], **by)
        for row in (invitation, share):  # not even by Django's way from row to page
            kind = ContentType.objects.get_for_model(row)
            response = self.client.get(f"/admin/r/{kind.pk}/{row.pk}/")
            self.assertEqual(response.status_code, 404)

    def test_administrators_open_all_and_read_nothing_that_people_wrote(self):
        self.bob.is_staff = self.bob.is_superuser = True
        self.bob.save()
        self.client.force_login(self.bob)
        for name, address in self.addresses():
            with self.subTest(name):
                response = self.ask(address, "get")
                self.assertIn(response.status_code, (200, 302, 403, 404, 405))
                self.assertNotIn(SECRET, self.text_of(response))
