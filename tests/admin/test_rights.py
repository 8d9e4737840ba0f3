from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from conversations.models import User
from tests.base import PASSWORD

from .base import AdminTestCase

HELPDESK = ("view_user", "change_user", "delete_user", "add_user")


class RightsTests(AdminTestCase):
    """Carol helps people with their accounts; bob is the administrator."""

    def setUp(self):
        self.become(self.carol, *HELPDESK, "change_group", "view_group")

    def page(self, user, name="conversations_user_change"):
        return reverse(f"admin:{name}", args=[user.pk])

    def save(self, user, **changes):
        form = {"username": user.username, "email": user.email, **changes}
        form |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}
        form |= {"theme": "auto", "text_size": "normal", "send_key": "enter"}
        response = self.client.post(self.page(user), {"is_active": "on", **form})
        user.refresh_from_db()
        return response

    def test_accounts_of_people_are_changed(self):
        self.save(self.alice, first_name="Alicia")
        self.assertEqual(self.alice.first_name, "Alicia")

    def test_nobody_makes_themselves_an_administrator(self):
        every = Permission.objects.values_list("pk", flat=True)
        rights = {"is_superuser": "on", "is_staff": "on", "user_permissions": every}
        for user in (self.carol, self.alice):
            before = user.get_all_permissions()
            self.save(user, first_name="New", **rights)
            self.assertEqual(user.first_name, "New")
            self.assertFalse(user.is_superuser)
            self.assertEqual(user.get_all_permissions(), before)

    def test_who_may_do_more_cannot_be_taken_over(self):
        other = Permission.objects.get(codename="change_provider")
        self.alice.user_permissions.add(other)
        for user in (self.bob, self.alice):
            before = user.password
            self.assertEqual(self.save(user, email="x@evil.example").status_code, 403)
            passwords = {"password1": f"{PASSWORD} 2", "password2": f"{PASSWORD} 2"}
            where = self.page(user, "auth_user_password_change")
            self.assertEqual(self.client.post(where, passwords).status_code, 403)
            where = self.page(user, "conversations_user_factors_reset")
            self.assertEqual(self.client.post(where).status_code, 403)
            where = self.page(user, "conversations_user_delete")
            self.assertEqual(self.client.post(where, {"post": "yes"}).status_code, 403)
            user.refresh_from_db()
            self.assertEqual(user.password, before)

    def test_nor_while_they_are_shut_out(self):
        """Let in again they may do all of it, and somebody else knows the password."""
        self.alice.user_permissions.add(Permission.objects.get(codename="add_provider"))
        User.objects.filter(pk=self.alice.pk).update(is_active=False)
        self.assertEqual(self.save(self.alice, is_active="on").status_code, 403)
        self.assertFalse(self.alice.is_active)

    def test_nor_removed_among_others(self):
        chosen = [self.alice.pk, self.bob.pk]
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        where = reverse("admin:conversations_user_changelist")
        self.assertEqual(self.client.post(where, form).status_code, 403)
        self.bob.refresh_from_db()

    def test_a_group_is_given_no_rights(self):
        plain = Group.objects.create(name="Readers")
        every = Permission.objects.values_list("pk", flat=True)
        self.client.post(
            self.page(plain, "auth_group_change"),
            {"name": "Writers", "permissions": every},
        )
        plain.refresh_from_db()
        self.assertEqual((plain.name, plain.permissions.count()), ("Writers", 0))

    def test_a_group_that_may_do_more_keeps_its_name(self):
        """Else who is in another by a provider's rule would be in this one."""
        moderators = Group.objects.create(name="Moderators")
        moderators.permissions.add(Permission.objects.get(codename="add_provider"))
        where = self.page(moderators, "auth_group_change")
        self.client.post(where, {"name": "Readers"})
        moderators.refresh_from_db()
        self.assertEqual(moderators.name, "Moderators")

    def test_nobody_has_an_address_of_another_confirmed(self):
        row = EmailAddress.objects.create(user=self.bob, email="bob@example.org")
        self.become(self.carol, "change_emailaddress", "add_emailaddress")
        where = self.page(row, "account_emailaddress_change")
        form = {"user": self.bob.pk, "email": "x@evil.example", "verified": "on"}
        self.assertEqual(self.client.post(where, form).status_code, 403)
        where = reverse("admin:account_emailaddress_add")
        self.assertEqual(self.client.post(where, form).status_code, 403)

    def test_administrators_do_all_of_it(self):
        self.client.force_login(self.bob)
        self.save(self.alice, is_staff="on", is_superuser="on")
        self.assertTrue(self.alice.is_superuser)
