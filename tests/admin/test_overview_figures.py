"""The figures of the first page, and where they lead."""

from datetime import timedelta
from unittest import mock

from django.contrib.auth.models import Group
from django.utils import timezone

from conversations.admin.overview import budgets, costs, replies
from conversations.models import Budget, Generation, UsageEntry
from conversations.models.budgets import BudgetPeriod, shown_money

from .overview import INDEX, OverviewTestCase


class CostTests(OverviewTestCase):
    def test_what_it_cost_today_and_this_month(self):
        self.used(1_500_000)
        self.used(250_000, user=self.carol)
        self.assertEqual(self.figure("Cost today").text, shown_money(1_750_000))
        self.assertEqual(self.figure("Cost this month").text, shown_money(1_750_000))

    def test_an_unknown_price_is_never_free(self):
        self.used()
        figure = self.figure("Cost today")
        self.assertEqual(figure.text, "unknown")
        self.assertIn("1 call of unknown price", figure.note)
        self.assertEqual(self.csv("cost-models")[1][1:], ["", "", "1", "1"])

    def test_a_price_known_in_part_is_the_least(self):
        self.used()
        self.used(500_000)
        figure = self.figure("Cost today")
        self.assertEqual(figure.text, f"{shown_money(500_000)} or more")

    def test_what_was_given_back_cost_nothing(self):
        self.used(9_000_000, state=UsageEntry.State.RELEASED)
        self.used(9_000_000, state=UsageEntry.State.RESERVED)
        self.assertEqual(self.figure("Cost today").text, shown_money(0))

    def test_each_day_is_the_sites_own(self):
        self.used(1_000_000, ago=1)
        rows = self.csv("cost-days")
        self.assertEqual(len(rows), 1 + costs.SHOWN_DAYS)
        self.assertEqual(
            [row[4] for row in rows[1:4]], ["0.000000", "1.000000", "0.000000"]
        )

    def test_by_persona_model_and_group(self):
        for name in ("Teachers", "Class 7b"):
            self.alice.groups.add(Group.objects.create(name=name))
        self.used(1_000_000)
        self.used(3_000_000, user=self.carol)
        self.assertEqual(self.csv("cost-personas")[1][:2], ["Helper", "4.000000"])
        self.assertEqual(self.csv("cost-models")[1][:2], [str(self.model), "4.000000"])
        self.assertEqual(
            [row[:2] for row in self.csv("cost-groups")[1:]],
            [
                ["in no group", "3.000000"],
                ["Teachers", "1.000000"],
                ["Class 7b", "1.000000"],
            ],
        )

    def test_what_is_erased_keeps_its_sums(self):
        self.used(1_000_000)
        UsageEntry.objects.update(user=None, persona=None, model=None)
        self.assertEqual(self.csv("cost-personas")[1][0], "no longer here")


class PeopleTests(OverviewTestCase):
    def test_who_asked_something(self):
        self.used()
        self.used(user=self.carol, ago=6)
        self.used(user=self.bob, ago=29)
        texts = [figure.text for figure in self.client.get(INDEX).context["figures"]]
        self.assertEqual(texts[:3], ["1", "2", "3"])

    def test_a_title_that_made_itself_is_nobody(self):
        self.used(purpose="title")
        self.assertEqual(self.figure("People active today").text, "0")

    def test_the_figures_lead_to_them(self):
        self.used()
        self.used(user=self.carol, ago=6)
        for label, names in (
            ("People active today", {"alice"}),
            ("People active in 7 days", {"alice", "carol"}),
        ):
            found = self.client.get(self.figure(label).url).context["cl"].result_list
            self.assertEqual({user.username for user in found}, names)


class ReplyTests(OverviewTestCase):
    def answered(self, **fields):
        now = timezone.now()
        times = {
            "created_at": now - timedelta(minutes=30),
            "started_at": now - timedelta(minutes=30),
            "ended_at": now - timedelta(minutes=29),
        }
        Generation.objects.update(model=self.model, **times | fields)

    def test_what_went_wrong_leads_to_its_rows(self):
        self.answered(state="failed", error_code="rate_limited")
        figure = self.figure("Replies that went wrong, last day")
        self.assertEqual(figure.text, "1")
        for url in (figure.url, replies.errors().rows[0][0].url):
            found = self.client.get(url).context["cl"]
            self.assertEqual(found.result_count, 1)
        self.assertEqual(self.csv("errors")[1][::2], ["rate_limited", "1"])

    def test_what_was_brought_in_went_wrong_elsewhere(self):
        self.answered(error_code="stalled", started_at=None)
        self.assertEqual(self.csv("errors")[1:], [])
        self.assertEqual({row[1] for row in self.csv("hours")[1:]}, {"0"})

    def test_what_is_older_than_a_day_does_not_count(self):
        self.answered(
            error_code="stalled", created_at=timezone.now() - timedelta(days=2)
        )
        self.assertEqual(self.csv("errors")[1:], [])
        self.assertEqual(self.csv("speed")[1:], [])

    def test_each_hour_has_its_replies(self):
        self.answered(error_code="stalled")
        totals = [row[1:] for row in self.csv("hours")[1:]]
        self.assertEqual(len(totals), replies.HOURS)
        self.assertEqual(totals.count(["1", "1"]), 1)

    def test_how_long_a_model_let_people_wait(self):
        self.answered(first_token_ms=320)
        row = self.csv("speed")[1]
        self.assertEqual(row, [str(self.model), "1", "320", "320", "60.0", "60.0"])

    def test_percentiles(self):
        self.assertEqual(replies.percentiles([]), (None, None))
        self.assertEqual(replies.percentiles([7]), (7, 7))
        self.assertEqual(replies.percentiles(range(100, 0, -1)), (50, 95))


class BudgetTests(OverviewTestCase):
    def budget(self, used, *, amount=100, period="day", back=0):
        budget = Budget.objects.create(
            unit="messages", amount=amount, period=period, user=self.carol
        )
        starts_on = budget.starts_on(timezone.now()) - timedelta(days=back)
        BudgetPeriod.objects.create(budget=budget, starts_on=starts_on, used=used)
        return budget

    def test_those_that_are_nearly_used_up(self):
        self.budget(79)
        self.budget(80)
        self.budget(100)
        self.budget(99, back=1)  # of yesterday
        self.budget(95, period="once")
        used = [row[2].value for row in budgets.near_their_end().rows]
        self.assertEqual(used, [100, 95, 80])

    def test_the_largest_there_is_has_room_or_has_not(self):
        most = 2**63 - 1
        self.budget(most // 2, amount=most)
        self.budget(most, amount=most)
        self.assertEqual(len(budgets.near_their_end().rows), 1)

    def test_each_leads_to_its_budget(self):
        budget = self.budget(90)
        with mock.patch.object(budgets, "page_of", lambda *args: args):
            row = budgets.near_their_end().rows[0]
        self.assertEqual(row[0].url, ("budget", budget.pk))
