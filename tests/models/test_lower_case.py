from importlib import import_module

from django.apps import apps

from conversations.models import User
from tests.base import ChatTestCase

NAME = "conversations.migrations.0031_lower_case_addresses"


class LowerCaseTests(ChatTestCase):
    def test_addresses_from_before_are_in_small_letters_then(self):
        User.objects.filter(pk=self.alice.pk).update(email="Alice@Example.org")
        import_module(NAME).lower_addresses(apps, None)
        found = User.objects.values_list("email", flat=True).order_by("username")
        names = ("alice", "bob", "carol")
        self.assertEqual(list(found), [f"{name}@example.org" for name in names])
