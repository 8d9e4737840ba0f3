"""What somebody changes in the admin is in the audit log, from what to what."""

import csv
import io
from unittest import mock

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from conversations.actions.audit import record_act
from conversations.admin import audited
from conversations.admin.audited import AuditedAdmin
from conversations.admin.site import ChatsiteAdminSite
from conversations.models import AuditEntry, LanguageModel, Provider, SiteSettings
from conversations.models.audit import first_broken
from tests.base import PASSWORD
from tests.usage.base import make_budget

from .base import AdminTestCase

LIST = "admin:conversations_auditentry_changelist"
POSTED = {"post": "yes"}  # the page that asks once more


def form_of(response):
    """Return what the browser would send of the form of a page, unchanged."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {n: v for n, v in values.items() if v or v == 0 and v is not False}


class AuditedTests(AdminTestCase):
    def last(self):
        self.assertIsNone(first_broken())
        return AuditEntry.objects.first()

    def change(self, row, **changes):
        """Save the page of `row` with `changes`; return the entry that it left."""
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        url = reverse(name, args=[row.pk])
        data = form_of(self.client.get(url)) | self.management(url) | changes
        response = self.client.post(url, data)
        self.assertEqual(response.status_code, 302, response)
        return self.last()

    def management(self, url):
        formsets = self.client.get(url).context["inline_admin_formsets"]
        return {
            f"{one.formset.prefix}-{name}": value
            for one in formsets
            for name, value in one.formset.management_form.initial.items()
        }

    def test_every_page_of_the_admin_is_watched(self):
        for model, page in admin.site._registry.items():
            with self.subTest(model):
                self.assertIsInstance(page, AuditedAdmin)

    def test_so_is_one_that_another_app_brings_along(self):
        site = ChatsiteAdminSite()
        site.register(Group, list_per_page=7)
        site.register(Permission, type("TheirAdmin", (admin.ModelAdmin,), {}))
        for model in (Group, Permission):
            with self.subTest(model):
                self.assertIsInstance(site.get_model_admin(model), AuditedAdmin)
        self.assertEqual(site.get_model_admin(Group).list_per_page, 7)

    def test_a_persona(self):
        entry = self.change(self.persona, instructions="Be kind.", state="retired")
        self.assertEqual((entry.verb, entry.actor_name), ("persona.changed", "bob"))
        self.assertEqual(entry.target_name, str(self.persona))
        self.assertEqual(entry.changes["instructions"], ["Be brief.", "Be kind."])
        self.assertEqual(entry.changes["state"], ["published", "retired"])

    def test_who_may_use_a_persona(self):
        group = Group.objects.create(name="Staff")
        entry = self.change(self.persona, groups=[group.pk])
        self.assertEqual(entry.changes, {"groups": [[], ["Staff"]]})

    def test_nothing_changed_is_no_act(self):
        self.assertIsNone(self.change(self.persona))

    def test_personas_retired_in_the_list(self):
        url = reverse("admin:conversations_persona_changelist")
        data = {"action": "retire", "_selected_action": [self.persona.pk]}
        self.client.post(url, data)
        self.assertEqual(self.last().changes, {"state": ["published", "retired"]})

    def test_a_version_restored(self):
        self.change(self.persona, instructions="Be kind.")
        name = "admin:conversations_persona_restore"
        self.client.post(reverse(name, args=[self.persona.pk, 1]))
        self.assertEqual(self.last().changes, {"version": [2, 3]})

    def test_the_key_of_a_provider_is_changed_and_no_more(self):
        provider = Provider.objects.create(name="Far", base_url="http://far.example/v1")
        entry = self.change(provider, name="Near", api_key="sk-canary")
        self.assertEqual(entry.changes["name"], ["Far", "Near"])
        self.assertEqual(entry.changes["api_key"], "changed")
        self.assertNotIn("sk-canary", str(entry.changes))

    def test_a_model_in_the_form_of_its_provider(self):
        provider = Provider.objects.create(name="Far", base_url="http://far.example/v1")
        data = {"models-0-api_name": "small", "models-0-context_window_tokens": "9"}
        entry = self.change(provider, **data, **{"models-TOTAL_FORMS": "1"})
        self.assertEqual(entry.verb, "language_model.added")
        self.assertEqual(entry.changes["api_name"], [None, "small"])
        model = provider.models.get()
        gone = {"models-0-id": model.pk, "models-0-DELETE": "on"}
        entry = self.change(provider, **data, **gone)
        self.assertEqual(entry.verb, "language_model.removed")
        self.assertEqual(entry.target_id, str(model.pk))

    def test_a_model_on_its_own_page(self):
        model = LanguageModel.objects.default()
        entry = self.change(model, max_output_tokens="100")
        self.assertEqual(entry.changes, {"max_output_tokens": [None, 100]})

    def test_roles_and_groups_of_a_person_and_not_who_they_are(self):
        group = Group.objects.create(name="Staff")
        entry = self.change(
            self.carol, is_staff="on", groups=[group.pk], first_name="Caroline"
        )
        self.assertEqual(entry.verb, "user.changed")
        self.assertEqual(entry.target_id, str(self.carol.pk))
        self.assertEqual(entry.changes["is_staff"], [False, True])
        self.assertEqual(entry.changes["groups"], [[], ["Staff"]])
        self.assertEqual(entry.changes["first_name"], "changed")
        told = str((entry.changes, entry.target_name))
        self.assertNotIn("Caroline", told)
        self.assertNotIn("carol", told)

    def test_what_a_group_may_do(self):
        group = Group.objects.create(name="Staff")
        may = Permission.objects.get(codename="change_persona")
        entry = self.change(group, permissions=[may.pk])
        self.assertEqual(entry.verb, "group.changed")
        self.assertEqual(entry.changes, {"permissions": [[], [str(may)]]})

    def test_somebody_removed(self):
        url = reverse("admin:conversations_user_delete", args=[self.carol.pk])
        self.client.post(url, {"post": "yes"})
        entry = self.last()
        self.assertEqual(entry.verb, "user.removed")
        self.assertEqual(entry.target_id, str(self.carol.pk))

    def test_of_a_person_nothing_else_keeps_the_name(self):
        budget = make_budget(5, user=self.carol)
        for name, pk in (("budget", budget.pk), ("user", self.carol.pk)):
            url = reverse(f"admin:conversations_{name}_delete", args=[pk])
            self.client.post(url, {"post": "yes"})
        self.assertEqual(AuditEntry.objects.count(), 2)
        self.assertNotIn("carol", str(LogEntry.objects.values_list("object_repr")))

    def test_what_is_not_removed_is_not_in_the_log(self):
        group = Group.objects.create(name="Staff")
        data = {"action": "delete_selected", "_selected_action": [group.pk]}
        page = type(admin.site._registry[Group])
        with (
            mock.patch.object(page, "delete_queryset", side_effect=ValueError),
            self.assertRaises(ValueError),
        ):
            self.client.post(reverse("admin:auth_group_changelist"), data | POSTED)
        self.assertFalse(AuditEntry.objects.exists())

    def test_a_password_is_not_changed_without_an_entry(self):
        url = reverse("admin:auth_user_password_change", args=[self.carol.pk])
        data = dict.fromkeys(("password1", "password2"), "another horse battery")
        with (
            mock.patch.object(audited, "record_act", side_effect=ValueError),
            self.assertRaises(ValueError),
        ):
            self.client.post(url, data | {"usable_password": "true"})
        self.carol.refresh_from_db()
        self.assertTrue(self.carol.check_password(PASSWORD))

    def test_the_settings_of_the_site(self):
        SiteSettings().save()
        entry = self.change(SiteSettings.objects.get(), retention_days="90")
        self.assertEqual(entry.verb, "site_settings.changed")
        self.assertEqual(entry.changes, {"retention_days": [None, 90]})


class AuditLogTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        record_act(self.bob, "persona.changed", self.persona, {"name": ["A", "<b>"]})
        record_act("export_chats", "conversations.exported", None, reason="=1+1")

    def test_stands_there_to_be_read(self):
        response = self.client.get(reverse(LIST))
        self.assertContains(response, "name: A → &lt;b&gt;")
        self.assertContains(response, "export_chats")

    def test_is_filtered(self):
        for query, total in (
            ({"verb": "persona.changed"}, 1),
            ({"actor": "export_chats"}, 1),
            ({"target_kind": "persona"}, 1),
            ({"q": str(self.persona)}, 1),
            ({"verb": "x"}, 0),
        ):
            with self.subTest(query):
                found = self.client.get(reverse(LIST), query).context["cl"]
                self.assertEqual(found.result_count, total)

    def test_nobody_changes_it(self):
        for name in ("change", "delete"):
            url = reverse(f"admin:conversations_auditentry_{name}", args=[1])
            with self.subTest(name):
                self.assertEqual(self.client.post(url).status_code, 403)

    def test_what_the_filters_leave_is_a_table_to_download(self):
        url = reverse("admin:conversations_auditentry_csv")
        response = self.client.get(url, {"actor": "export_chats"})
        [row] = csv.DictReader(io.StringIO(response.getvalue().decode()))
        self.assertEqual(row["verb"], "conversations.exported")
        self.assertEqual(row["reason"], "'=1+1")

    def test_that_a_table_was_downloaded_is_in_it(self):
        for name, file in (
            (reverse("admin:conversations_conversation_csv"), "conversation.csv"),
            (reverse("admin:overview_csv", args=["errors"]), "errors.csv"),
        ):
            with self.subTest(file):
                self.client.get(name)
                entry = AuditEntry.objects.first()
                self.assertEqual(entry.verb, "table.exported")
                self.assertEqual(entry.target_name, file)
                self.assertEqual(entry.actor_name, "bob")

    def test_only_for_those_who_may_see_it(self):
        self.become(self.carol, "view_conversation")
        for name in ("changelist", "csv"):
            url = reverse(f"admin:conversations_auditentry_{name}")
            with self.subTest(name):
                self.assertEqual(self.client.get(url).status_code, 403)
