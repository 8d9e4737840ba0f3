"""The first page: what stands on it, and who may see what."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from unittest import mock

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations import health
from conversations.admin.overview import days, pages, plots
from conversations.generation import process
from conversations.models import Generation
from tests.patience import PATIENCE_SECONDS

from .overview import INDEX, OverviewTestCase


class PageTests(OverviewTestCase):
    def test_it_says_whether_the_site_is_in_order(self):
        parts = dict.fromkeys(("database", "disk", "lag"), health.OK)
        with mock.patch.object(health, "examine") as examine:
            examine.return_value = parts | {"redis": health.UNUSED}
            self.assertContains(self.client.get(INDEX), "The site is in order")
            examine.return_value = parts | {"redis": health.AWAY}
            response = self.client.get(INDEX)
        self.assertContains(response, "Something is not in order")
        self.assertContains(response, "<b>Redis</b> away")

    def test_who_may_not_see_the_ledger_sees_no_money(self):
        self.used(1_234_567)
        self.become(self.carol, "view_generation", "view_user")
        response = self.client.get(INDEX)
        self.assertNotContains(response, "1.23")
        self.assertNotContains(response, "Cost")
        self.assertContains(response, "Replies by hour")
        self.assertNotContains(response, "Budgets near their end")

    def test_csv_is_for_those_who_see_the_table(self):
        self.become(self.carol, "view_generation")
        for name, source in pages.TABLES.items():
            url = reverse("admin:overview_csv", args=[name])
            expected = 200 if source.permission == pages.REPLIES else 403
            self.assertEqual(self.client.get(url).status_code, expected, name)
        self.client.force_login(self.alice)
        url = reverse("admin:overview_csv", args=["cost-days"])
        self.assertEqual(self.client.get(url, follow=True).status_code, 403)

    def test_there_is_no_other_csv(self):
        url = reverse("admin:overview_csv", args=["secrets"])
        self.assertEqual(self.client.get(url).status_code, 404)

    def test_a_spreadsheet_takes_no_name_for_a_formula(self):
        """Nor what follows a semicolon, where that parts cells."""
        self.used(1)
        for name, told in (
            ('=HYPERLINK("https://x.invalid")', '\'=HYPERLINK("https://x.invalid")'),
            (" =1", " '=1"),
            ("＝1", "'＝1"),
            ("Tutor;=1+1;", "Tutor;'=1+1;"),
            ("Ana; also - and = and +", "Ana; also - and = and +"),
        ):
            with self.subTest(name):
                self.persona.name = name
                self.persona.save()
                self.assertEqual(self.csv("cost-personas")[1][0], told)

    def test_a_name_is_never_markup(self):
        self.persona.name = "<b>Bold</b>"
        self.persona.save()
        self.used(1)
        self.assertContains(self.client.get(INDEX), "&lt;b&gt;Bold&lt;/b&gt;")

    def test_where_nothing_was_asked_there_is_a_sentence(self):
        Generation.objects.update(created_at=timezone.now() - timedelta(days=2))
        response = self.client.get(INDEX)
        self.assertContains(response, "Nothing was spent in 30 days.")
        self.assertContains(response, "Every budget has room.")
        self.assertNotContains(response, "<svg class")

    def test_every_address_on_it_opens(self):
        self.used(1)
        now = timezone.now()
        Generation.objects.update(error_code="stalled", created_at=now, started_at=now)
        context = self.client.get(INDEX).context
        urls = {figure.url for figure in context["figures"]}
        for table in context["tables"]:
            urls |= {cell.url for row in table.rows[:2] for cell in row}
        for url in urls - {""}:
            with self.subTest(url):
                self.assertEqual(self.client.get(url).status_code, 200)

    def test_what_was_asked_is_kept(self):
        self.used(1)
        self.client.get(INDEX)
        self.used(1)
        with mock.patch.object(days, "_by_user") as asked:
            self.client.get(INDEX)
        asked.assert_not_called()
        keys = "overview.errors", "overview.hours", "overview.speed"
        self.assertEqual(cache.get_many(keys).keys(), set(keys))

    def test_more_rows_do_not_cost_more_questions(self):
        def questions():
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                self.client.get(INDEX)
            return len(asked)

        self.used(1)
        before = questions()
        for number in range(5):
            self.used(number, user=self.carol, ago=number)
        self.assertEqual(questions(), before)


class PlotTests(OverviewTestCase):
    def plot(self, *values):
        drawn = [(str(n), "", parts) for n, parts in enumerate(values)]
        return plots.draw(drawn, title="", most=str, first="", last="")

    def test_the_highest_bar_is_as_high_as_the_plot(self):
        plot = self.plot({"whole": 5}, {"failed": 4, "whole": 6})
        heights = [[piece.height for piece in bar.pieces] for bar in plot.bars]
        self.assertEqual(heights, [[50.0], [40.0, 60.0]])
        self.assertEqual([piece.y for piece in plot.bars[1].pieces], [60.0, 0.0])
        self.assertEqual(plot.most, "10")

    def test_little_is_seen_and_nothing_is_not(self):
        plot = self.plot({"whole": 1}, {"whole": 100_000}, {"whole": 0})
        self.assertEqual(plot.bars[0].pieces[0].height, plots.LEAST_HEIGHT)
        self.assertEqual(plot.bars[2].pieces, [])

    def test_without_values_there_is_nothing_to_draw(self):
        self.assertEqual(self.plot().bars, [])
        self.assertEqual(self.plot({"whole": 0}).bars[0].pieces, [])


async def test_days_that_are_over_are_added_up_before_somebody_looks(
    transactional_db, monkeypatch
):
    cache.clear()
    assert days.keep_at_hand in process.chores
    told, loop, add_up = asyncio.Queue(), asyncio.get_running_loop(), days._sums_of

    def add_up_and_tell(day, groups):
        sums = add_up(day, groups)
        loop.call_soon_threadsafe(told.put_nowait, day)
        return sums

    monkeypatch.setattr(days, "_sums_of", add_up_and_tell)
    monkeypatch.setattr(days, "SOON_SECONDS", 0)
    chore = asyncio.create_task(days.keep_at_hand())
    over = days.AT_HAND - 1
    async with asyncio.timeout(PATIENCE_SECONDS):
        added_up = [await told.get() for _ in range(over)]
        chore.cancel()
        with suppress(asyncio.CancelledError):
            await chore
    newest = days.today() - timedelta(days=1)
    assert added_up == [newest - timedelta(days=back) for back in range(over)]
    lives = [days._kept_seconds(timedelta(days=age)) for age in range(2, days.AT_HAND)]
    assert len(set(lives)) == len(lives)  # they do not go together either
