"""Who may spend how much is set here, and what is used stands beside it."""

from django.contrib.auth.models import Group
from django.urls import reverse

from conversations import usage
from conversations.models import (
    AuditEntry,
    Budget,
    BudgetPeriod,
    GroupLimits,
    LanguageModel,
    Persona,
    UsageEntry,
)
from tests.usage.base import MILLION, make_budget, make_model

from .base import AdminTestCase

ADD = reverse("admin:conversations_budget_add")
LIST = reverse("admin:conversations_budget_changelist")


class MoneyTestCase(AdminTestCase):
    def spend(self, user, model, prompt=1000):
        call = usage.Call(user.pk, self.persona.pk, model, "reply")
        usage.settle(call, usage.Spent(prompt, 0))


class BudgetAdminTests(MoneyTestCase):
    def test_money_is_typed_as_people_write_it(self):
        unpriced = make_model("newest", prompt_price=None)
        data = {"unit": "money", "amount": "12.50", "period": "month"}
        response = self.client.post(ADD, data, follow=True)
        budget = Budget.objects.get()
        self.assertEqual(budget.amount, 12_500_000)
        self.assertContains(response, f"not asked under it: {unpriced.api_name}")
        change = reverse("admin:conversations_budget_change", args=[budget.pk])
        self.assertContains(self.client.get(change), 'value="12.5"')

    def test_a_large_site_may_spend_much(self):
        amounts = {"money": "999999999999.999999", "tokens": "999999999999"}
        for unit, most in amounts.items():
            with self.subTest(unit):
                data = {"unit": unit, "amount": most, "period": "month"}
                self.assertEqual(self.client.post(ADD, data).status_code, 302)
                kept = Budget.objects.latest("pk").amount
                self.assertEqual(kept, int(most.replace(".", "")))
        self.assertContains(self.client.get(LIST), "999,999,999,999 tokens")

    def test_messages_are_whole(self):
        data = {"unit": "messages", "amount": "1.5", "period": "day"}
        self.assertContains(self.client.post(ADD, data), "Write a whole number.")
        self.client.post(ADD, data | {"amount": "50"})
        self.assertEqual(Budget.objects.get().amount, 50)

    def test_it_is_somebodys_or_a_groups_and_not_both(self):
        group = Group.objects.create(name="Year 9")
        whose = {"user": self.alice.pk, "group": group.pk}
        data = {"unit": "messages", "amount": "5", "period": "day", **whose}
        response = self.client.post(ADD, data)
        self.assertContains(response, "Choose a user, a group or a persona.")

    def test_whoever_is_nobody_is_said_to_be(self):
        for user in ("1e9", "-1", "x", "9" * 5000):
            with self.subTest(user=user[:9]):
                page = self.client.post(ADD, {"user": user})
                self.assertContains(page, "Select a valid choice")

    def test_the_list_shows_what_is_used(self):
        make_budget(4000, "tokens", user=self.alice)
        make_budget(8000, "tokens", is_for_each=True)
        model = make_model()
        for user in (self.alice, self.alice, self.bob):
            self.spend(user, model)
        with self.assertNumQueries(8):
            response = self.client.get(LIST)
        self.assertContains(response, "2,000 tokens, 50 %")
        self.assertContains(response, "at most 2,000 tokens, 25 %")
        self.assertContains(response, "<meter", 2)

    def test_what_counts_otherwise_is_counted_again(self):
        budget = make_budget(4000, "tokens", user=self.alice)
        self.spend(self.alice, make_model())
        change = reverse("admin:conversations_budget_change", args=[budget.pk])
        data = {"unit": "messages", "amount": "3", "period": "day"}
        self.client.post(change, data | {"user": self.alice.pk})
        self.assertFalse(BudgetPeriod.objects.exists())
        (left,) = usage.left_for(self.alice.pk, None)
        self.assertEqual(left.amount, 2)

    def test_who_changed_it_is_in_the_log(self):
        budget = make_budget(4000, "tokens", user=self.alice)
        change = reverse("admin:conversations_budget_change", args=[budget.pk])
        data = {"unit": "tokens", "amount": "9000", "period": "day"}
        self.client.post(change, data | {"user": self.alice.pk})
        entry = AuditEntry.objects.get(verb="budget.changed")
        self.assertEqual(entry.actor_name, "bob")
        self.assertEqual(entry.changes, {"amount": [4000, 9000]})

    def test_the_log_has_amounts_as_they_were_typed_and_no_names(self):
        budget = make_budget(5 * MILLION, "money", user=self.alice)
        change = reverse("admin:conversations_budget_change", args=[budget.pk])
        data = {"unit": "money", "amount": "6.5", "period": "day"}
        self.client.post(change, data | {"user": self.carol.pk})
        entry = AuditEntry.objects.get(verb="budget.changed")
        whose = [self.alice.pk, self.carol.pk]
        self.assertEqual(entry.changes, {"amount": ["5", "6.5"], "user": whose})

    def test_what_was_used_long_ago_is_not_used_now(self):
        budget = make_budget(4000, "tokens")
        BudgetPeriod.objects.create(budget=budget, starts_on="2020-01-01", used=3000)
        self.assertContains(self.client.get(LIST), "0 tokens, 0 %")

    def test_a_price_that_changes_is_in_the_log(self):
        model = make_model()
        change = reverse("admin:conversations_languagemodel_change", args=[model.pk])
        data = {
            "provider": model.provider_id,
            "api_name": model.api_name,
            "context_window_tokens": 128_000,
            "accepts_temperature": "on",
            "prompt_price": "3",
            "completion_price": "2",
        }
        self.client.post(change, data)
        entry = AuditEntry.objects.get(verb="language_model.changed")
        self.assertEqual(entry.changes, {"prompt_price": [MILLION, 3 * MILLION]})

    def test_who_may_not_sees_nothing(self):
        self.become(self.carol, "view_persona")
        for url in (ADD, LIST, reverse("admin:conversations_usageentry_changelist")):
            self.assertEqual(self.client.get(url).status_code, 403)


class UsageEntryAdminTests(MoneyTestCase):
    url = reverse("admin:conversations_usageentry_changelist")

    def test_unknown_is_not_free(self):
        self.spend(self.alice, make_model(prompt_price=None))
        response = self.client.get(self.url)
        self.assertContains(response, "unknown")
        self.assertNotContains(response, "0.00")

    def test_as_a_table(self):
        self.spend(self.alice, make_model(prompt_price=2 * MILLION))
        url = reverse("admin:conversations_usageentry_csv")
        lines = b"".join(self.client.get(url)).decode().splitlines()
        self.assertTrue(lines[1].endswith(",2000"))

    def test_by_group_and_person(self):
        group = Group.objects.create(name="Year 9")
        group.user_set.add(self.alice)
        self.spend(self.alice, make_model())
        for query in (f"user__groups__id__exact={group.pk}", "persona__isnull=True"):
            self.assertEqual(self.client.get(f"{self.url}?{query}").status_code, 200)
        page = self.client.get(f"{self.url}?user__id__exact={self.bob.pk}")
        self.assertContains(page, "0 uses of models")

    def test_nobody_writes_in_it(self):
        self.spend(self.alice, make_model())
        entry = UsageEntry.objects.get()
        change = reverse("admin:conversations_usageentry_change", args=[entry.pk])
        self.assertEqual(self.client.get(change).status_code, 200)
        self.assertEqual(self.client.post(change, {"cost": 1}).status_code, 403)
        add = reverse("admin:conversations_usageentry_add")
        self.assertEqual(self.client.get(add).status_code, 403)


class GroupAdminTests(MoneyTestCase):
    def setUp(self):
        super().setUp()
        self.group = Group.objects.create(name="Year 9")
        self.group.user_set.add(self.alice)
        self.model = make_model()
        self.url = reverse("admin:auth_group_change", args=[self.group.pk])

    def save(self, **fields):
        data = {
            "name": "Year 9",
            "budgets-TOTAL_FORMS": "1",
            "budgets-INITIAL_FORMS": "0",
            "budgets-0-unit": "money",
            "budgets-0-amount": "2.5",
            "budgets-0-period": "week",
            "budgets-0-is_for_each": "on",
            "limits-TOTAL_FORMS": "1",
            "limits-INITIAL_FORMS": "0",
            "limits-0-messages_per_minute": "3",
            **fields,
        }
        response = self.client.post(self.url, data)
        self.assertEqual(response.status_code, 302, response.content)

    def offered(self, user):
        return self.persona in Persona.objects.usable_by(user)

    def test_all_that_a_group_has_is_on_its_page(self):
        page = self.client.get(self.url)
        for words in ("Personas", "Language models", "Budgets", "Limits"):
            self.assertContains(page, words)
        self.save(personas=[self.persona.pk], language_models=[self.model.pk])
        self.assertEqual(list(self.group.personas.all()), [self.persona])
        self.assertEqual(list(self.group.language_models.all()), [self.model])
        budget = self.group.budgets.get()
        self.assertEqual((budget.amount, budget.is_for_each), (2_500_000, True))
        self.assertEqual(self.group.limits.messages_per_minute, 3)
        self.assertIsNone(self.group.limits.sockets)

    def test_what_counts_otherwise_is_counted_again(self):
        budget = make_budget(4000, "tokens", group=self.group)
        self.spend(self.alice, self.model)
        kept = {"budgets-INITIAL_FORMS": "1", "budgets-0-id": budget.pk}
        changed = {"budgets-0-unit": "messages", "budgets-0-amount": "3"}
        self.save(**kept, **changed, **{"budgets-0-is_for_each": ""})
        (left,) = usage.left_for(self.alice.pk, None)
        self.assertEqual(left.amount, 2)

    def test_its_persona_is_for_nobody_else(self):
        self.save(personas=[self.persona.pk])
        self.assertTrue(self.offered(self.alice))
        self.assertFalse(self.offered(self.carol))

    def test_a_persona_speaks_to_whom_its_model_is_for(self):
        version = self.persona.versions.create(number=2, model=self.model)
        self.persona.version = version
        self.persona.save()
        self.save(language_models=[self.model.pk])
        self.assertTrue(self.offered(self.alice))
        self.assertFalse(self.offered(self.carol))
        self.assertIn(self.model, LanguageModel.objects.usable_by(self.alice))
        self.assertNotIn(self.model, LanguageModel.objects.usable_by(self.carol))


class PreviewTests(MoneyTestCase):
    def setUp(self):
        super().setUp()
        self.url = reverse("admin:conversations_user_preview", args=[self.alice.pk])

    def test_it_shows_what_they_have_and_not_what_they_wrote(self):
        group = Group.objects.create(name="Year 9")
        group.user_set.add(self.alice)
        GroupLimits.objects.create(group=group, messages_per_minute=3)
        make_budget(5, group=group, is_for_each=True)
        model = make_model("big")
        model.groups.add(group)
        before = AuditEntry.objects.count()
        response = self.client.get(self.url)
        for words in ("Year 9", "Helper", "big (Prices)", "5 messages are left"):
            self.assertContains(response, words)
        self.assertContains(response, "<td>3</td>")
        for secret in ("What is water?", "drink", "A talk"):
            self.assertNotContains(response, secret)
        self.assertEqual(AuditEntry.objects.count(), before)

    def test_others_have_less(self):
        group = Group.objects.create(name="Year 9")
        self.persona.groups.add(group)
        self.assertNotContains(self.client.get(self.url), "Helper")

    def test_each_sees_there_no_more_than_elsewhere(self):
        """What is for a group alone is named to nobody who only looks after people."""
        group = Group.objects.create(name="Year 9")
        group.user_set.add(self.alice)
        self.persona.groups.add(group)
        make_model("big").groups.add(group)
        make_budget(5, group=group, is_for_each=True)
        words = {"persona": "Helper", "languagemodel": "big (", "budget": "5 messages"}
        for may_see in (None, *words):
            self.become(self.carol, "view_user", f"view_{may_see}")
            page = self.client.get(self.url).content.decode()
            seen = [name for name, said in words.items() if said in page]
            self.assertEqual(seen, [may_see] if may_see else [])

    def test_it_is_for_who_may_see_accounts(self):
        self.become(self.carol, "view_persona")
        self.assertEqual(self.client.get(self.url).status_code, 403)
        self.client.force_login(self.alice)
        self.assertEqual(self.client.get(self.url).status_code, 302)

    def test_it_changes_nothing(self):
        self.assertEqual(self.client.post(self.url).status_code, 405)
