"""The groups of whoever comes from somewhere else follow what is said over there."""

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.urls import reverse

from conversations.models import GroupRule, IdentityProvider, User
from tests.base import PASSWORD

from .identity import ADA, IdentityTestCase


class GroupTests(IdentityTestCase):
    def setUp(self):
        super().setUp()
        self.teachers, self.staff, self.chess = (
            Group.objects.create(name=name) for name in ("Teachers", "Staff", "Chess")
        )
        rules = ["t=Teachers", "s=Staff", "x=Nowhere"]
        claim = {"groups_claim": "realm.roles", "groups": rules}
        self.enterContext(
            self.settings(OIDC_PROVIDERS=[self.provider.settings | claim])
        )

    def groups_with(self, *roles):
        self.client.logout()
        self.provider.sign_in_as(ADA | {"realm": {"roles": list(roles)}})
        self.sign_in()
        ada = User.objects.get(username="ada")
        return set(ada.groups.values_list("name", flat=True))

    def test_they_follow_the_claim_at_each_sign_in(self):
        self.assertEqual(self.groups_with("t", "other"), {"Teachers"})
        self.assertEqual(self.groups_with("s"), {"Staff"})
        self.assertEqual(self.groups_with(), set())

    def test_groups_without_a_rule_are_left_alone(self):
        self.groups_with("t")
        User.objects.get(username="ada").groups.add(self.chess)
        self.assertEqual(self.groups_with("Chess"), {"Chess"})

    def test_a_claim_of_another_form_gives_nothing(self):
        self.groups_with("t")
        for said in ({"realm": "t"}, {"realm": {"roles": {"t": 1}}}, {}):
            self.client.logout()
            self.provider.sign_in_as(ADA | said)
            self.sign_in()
            self.assertFalse(self.teachers.user_set.exists())

    def test_they_go_with_the_account_that_brought_them(self):
        self.groups_with("t")
        ada = User.objects.get(username="ada")
        ada.set_password(PASSWORD)
        ada.save()
        ada.groups.add(self.chess)
        self.client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
        self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        account = SocialAccount.objects.get()
        self.client.post(reverse("socialaccount_connections"), {"account": account.pk})
        self.assertEqual(set(ada.groups.values_list("name", flat=True)), {"Chess"})

    def test_rules_may_stand_in_the_database(self):
        fields = {
            key: self.provider.settings[key] for key in ("url", "name", "client_id")
        }
        row = IdentityProvider(**fields, groups_claim="realm.roles")
        row.set_client_secret(self.provider.settings["client_secret"])
        row.save()
        GroupRule.objects.create(provider=row, value="t", group=self.teachers)
        with self.settings(OIDC_PROVIDERS=[]):
            self.assertEqual(self.groups_with("t", "s"), {"Teachers"})
