from django.contrib.auth.models import Group
from django.urls import reverse

from conversations.models import AuditEntry, GroupRule, IdentityProvider

from .base import AdminTestCase

SECRET = "what only the two of us know"


class IdentityProviderTests(AdminTestCase):
    add = reverse("admin:conversations_identityprovider_add")

    def form(self, **changes):
        return {
            "name": "School",
            "url": "https://id.school.example/realms/all/",
            "client_id": "chatsite",
            "scopes": "openid profile email",
            "groups_claim": "groups",
            "rules-TOTAL_FORMS": "0",
            "rules-INITIAL_FORMS": "0",
        } | changes

    def made(self):
        self.client.post(self.add, self.form(client_secret=SECRET))
        return IdentityProvider.objects.get()

    def change(self, provider, **changes):
        name = "admin:conversations_identityprovider_change"
        url = reverse(name, args=[provider.pk])
        response = self.client.post(url, self.form(**changes), follow=True)
        provider.refresh_from_db()
        return response

    def test_the_secret_goes_in_and_never_comes_out(self):
        provider = self.made()
        self.assertEqual(provider.client_secret, SECRET)
        self.assertNotIn(SECRET, provider.encrypted_client_secret)
        name = "admin:conversations_identityprovider"
        for url in (
            reverse(f"{name}_change", args=[provider.pk]),
            reverse(f"{name}_changelist"),
            reverse(f"{name}_history", args=[provider.pk]),
        ):
            self.assertNotContains(self.client.get(url), SECRET)
        for entry in AuditEntry.objects.all():
            self.assertNotIn(SECRET, str(entry.changes))

    def test_an_empty_secret_keeps_it_and_it_can_be_forgotten(self):
        provider = self.made()
        self.change(provider, name="The school")
        self.assertEqual(
            (provider.name, provider.client_secret), ("The school", SECRET)
        )
        self.change(provider, forget_secret="on")
        self.assertEqual(provider.client_secret, "")

    def test_the_secret_stays_with_the_address(self):
        provider = self.made()
        response = self.change(provider, url="https://evil.example")
        self.assertContains(response, "so the secret was forgotten")
        self.assertEqual(provider.client_secret, "")

    def test_page_says_what_the_provider_has_to_be_told(self):
        provider = self.made()
        response = self.change(provider)
        name = "id-school-example-realms-all"
        self.assertContains(response, "was changed successfully")
        url = reverse("admin:conversations_identityprovider_change", args=[provider.pk])
        path = f"/accounts/oidc/{name}/login/callback/"
        self.assertContains(self.client.get(url), path)

    def test_addresses_to_which_no_secret_may_go_are_refused(self):
        for url in (
            "http://id.example.org",
            "https://user:word@id.example.org",
            "https://id.example.org/?a=b",
            "https://id.example.org/#a",
            "ftp://id.example.org",
            "id.example.org",
        ):
            with self.subTest(url):
                response = self.client.post(self.add, self.form(url=url))
                self.assertContains(response, "Write an address that begins with")
        self.assertFalse(IdentityProvider.objects.exists())

    def test_two_of_one_address_are_refused(self):
        self.made()
        same = "https://id.school-example/realms/all"
        response = self.client.post(self.add, self.form(name="Other", url=same))
        self.assertContains(response, "There is such a provider already.")

    def test_rules_for_groups_are_edited_with_it(self):
        group = Group.objects.create(name="Teachers")
        rule = {"rules-TOTAL_FORMS": "1", "rules-0-value": "t"}
        self.client.post(self.add, self.form(**rule, **{"rules-0-group": group.pk}))
        provider = IdentityProvider.objects.get()
        self.assertEqual(provider.group_rules(), [("t", group.pk)])

    def test_only_administrators_set_where_people_sign_in(self):
        """Its rules put people into groups, and it says itself who somebody is."""
        provider = self.made()
        every = ("view", "add", "change", "delete")
        kinds = ("identityprovider", "grouprule")
        names = [f"{verb}_{kind}" for verb in every for kind in kinds]
        self.become(self.carol, *names)
        pages = "admin:conversations_identityprovider"
        change = reverse(f"{pages}_change", args=[provider.pk])
        self.assertEqual(self.client.get(change).status_code, 200)
        group = Group.objects.create(name="Teachers")
        rule = {"rules-TOTAL_FORMS": "1", "rules-0-value": "t"}
        form = self.form(**rule, **{"rules-0-group": group.pk})
        remove = reverse(f"{pages}_delete", args=[provider.pk])
        for url in (self.add, change, remove):
            self.assertEqual(self.client.post(url, form).status_code, 403)
        self.assertFalse(GroupRule.objects.exists())
