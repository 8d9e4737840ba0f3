"""What administrators do for people's accounts, and what they may not."""

from unittest import mock

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.urls import reverse

from conversations.actions import accounts
from conversations.admin.users import UserForm
from conversations.models import AuditEntry, User
from tests.base import PASSWORD

from .base import AdminTestCase

NEW_PASSWORD = "another horse battery"


class ResetLinkTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        cache.clear()

    def page(self, user):
        return reverse("admin:conversations_user_reset_link", args=[user.pk])

    def make(self, user=None):
        return self.client.post(self.page(user or self.alice)).context["link"]

    def choose(self, link):
        """Follow the link, as its person does in a browser of their own."""
        browser = self.client_class()
        form = browser.get(link, follow=True)
        new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        answer = browser.post(form.request["PATH_INFO"], new, follow=True)
        return form, answer

    def may_sign_in(self, password):
        form = {"login": "alice", "password": password}
        browser = self.client_class()
        browser.post(reverse("account_login"), form)
        return "_auth_user_id" in browser.session

    def test_with_it_a_new_password_is_chosen_once(self):
        elsewhere = self.client_class()
        elsewhere.force_login(self.alice)
        link = self.make()
        self.choose(link)
        self.assertTrue(self.may_sign_in(NEW_PASSWORD))
        self.assertFalse(self.may_sign_in(PASSWORD))
        self.assertEqual(elsewhere.get("/").status_code, 302)
        again, _ = self.choose(link)
        self.assertContains(again, "used up")

    def test_until_then_nothing_has_changed(self):
        self.client.get(self.page(self.alice))
        self.assertFalse(AuditEntry.objects.exists())
        self.make()
        self.assertTrue(self.may_sign_in(PASSWORD))

    def test_it_is_in_the_audit_log_and_the_link_is_not(self):
        link = self.make()
        entry = AuditEntry.objects.get()
        self.assertEqual((entry.verb, entry.actor_id), ("reset_link.made", self.bob.pk))
        self.assertEqual(entry.target_id, str(self.alice.pk))
        self.assertNotIn(link, str(vars(entry)))

    def test_it_ends_when_somebody_signs_in(self):
        link = self.make()
        self.may_sign_in(PASSWORD)
        form, _ = self.choose(link)
        self.assertContains(form, "used up")

    def test_a_closed_account_gets_none(self):
        User.objects.filter(pk=self.alice.pk).update(is_active=False)
        response = self.client.post(self.page(self.alice), follow=True)
        self.assertContains(response, "This account is closed")

    def test_its_page_leads_there(self):
        url = reverse("admin:conversations_user_change", args=[self.alice.pk])
        self.assertContains(self.client.get(url), self.page(self.alice))

    def test_a_password_that_is_changed_here_is_not_in_the_audit_log(self):
        url = reverse("admin:auth_user_password_change", args=[self.alice.pk])
        new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        self.client.post(url, new | {"usable_password": "true"})
        self.assertTrue(self.may_sign_in(NEW_PASSWORD))
        entry = AuditEntry.objects.get()
        self.assertEqual(entry.verb, "user.changed")
        self.assertEqual(entry.changes, {"password": "changed"})

    def test_a_name_that_looks_like_another_is_refused(self):
        url = reverse("admin:conversations_user_add")
        new = {"username": "al\u0456ce", "usable_password": "false"}
        refused = self.client.post(url, new)
        self.assertContains(refused, "looks like the name of somebody else: alice.")
        self.client.post(url, new | {"username": "alicia"})
        self.assertTrue(User.objects.filter(username="alicia").exists())
        form = UserForm({"username": "c\u0430rol"}, instance=self.alice)
        self.assertIn("carol", str(form.errors["username"]))
        form = UserForm({"username": "Alice"}, instance=self.alice)
        self.assertNotIn("username", form.errors)

    def test_nobody_makes_one_without_the_permission(self):
        self.become(self.carol, "view_user")
        self.assertEqual(self.client.post(self.page(self.alice)).status_code, 403)


class AddressTests(AdminTestCase):
    """An administrator gives somebody another address."""

    def change(self, **changes):
        url = reverse("admin:conversations_user_change", args=[self.alice.pk])
        form = self.client.get(url).context["adminform"].form
        data = {name: form[name].value() for name in form.fields}
        data = {n: v for n, v in data.items() if v not in (None, False)}
        return self.client.post(url, data | changes, follow=True)

    def test_it_is_kept_in_small_letters(self):
        self.change(email="Alice@Example.com")
        self.alice.refresh_from_db()
        self.assertEqual(self.alice.email, "alice@example.com")

    def test_the_former_one_opens_the_account_no_more(self):
        for address in (self.alice.email, "al@example.org"):
            EmailAddress.objects.create(user=self.alice, email=address, verified=True)
        answer = self.change(email="alice@example.com")
        self.assertContains(answer, "Their other addresses are removed")
        self.assertFalse(EmailAddress.objects.filter(user=self.alice).exists())


class RemovalTests(AdminTestCase):
    """An administrator removes people as they would leave by themselves."""

    LIST = reverse("admin:conversations_user_changelist")

    def remove(self, *users):
        pks = [user.pk for user in users]
        action = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(self.LIST, action, follow=True)

    def test_several_are_removed_and_what_takes_long_is_erased_later(self):
        with mock.patch.object(accounts, "FIRST_BATCHES", 2):
            self.remove(self.alice, self.carol)  # the one batch is her conversation
        self.assertFalse(User.objects.filter(pk=self.alice.pk).exists())
        self.carol.refresh_from_db()
        self.assertTrue(self.carol.removed_at)
        self.assertNotContains(self.client.get(self.LIST), self.carol.username)

    def test_the_last_administrator_stays(self):
        answers = [self.remove(self.bob, self.alice)]
        url = reverse("admin:conversations_user_delete", args=[self.bob.pk])
        answers.append(self.client.post(url, {"post": "yes"}, follow=True))
        for answer in answers:
            self.assertContains(answer, "You are the only administrator.")
        self.assertFalse(User.objects.exclude(removed_at=None).exists())
        self.assertFalse(AuditEntry.objects.exists())


class RankTests(AdminTestCase):
    """Who administrates people gets no further by it: test_rights.py has the rest."""

    def setUp(self):
        self.editors = Group.objects.create(name="Editors")
        rights = Permission.objects.filter(codename="change_persona")
        self.editors.permissions.set(rights)
        self.become(self.carol, "change_user", "view_user")

    def reset(self, user):
        url = reverse("admin:conversations_user_reset_link", args=[user.pk])
        return self.client.post(url).status_code

    def test_who_may_do_more_gets_no_link_from_them(self):
        """A superuser; and somebody who edits personas, which they may not."""
        self.assertEqual(self.reset(self.alice), 200)
        self.alice.groups.set([self.editors])
        self.assertEqual(self.reset(self.alice), 403)
        self.assertEqual(self.reset(self.bob), 403)

    def test_they_put_nobody_in_a_group_that_may_do_more(self):
        for user in (self.alice, self.carol):
            url = reverse("admin:conversations_user_change", args=[user.pk])
            form = self.client.get(url).context["adminform"].form
            data = {name: form[name].value() for name in form.fields}
            data = {n: v for n, v in data.items() if v not in (None, False)}
            response = self.client.post(url, data | {"groups": [self.editors.pk]})
            self.assertContains(response, "errorlist")
            self.assertFalse(user.groups.exists())
