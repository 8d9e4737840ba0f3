"""Budgets are refilled by the calendar where the site is, whatever clocks do there."""

from datetime import UTC, datetime

from django.test import SimpleTestCase, override_settings
from django.utils import translation

from conversations.models import Budget
from conversations.models.budgets import shown_money


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class CalendarTests(SimpleTestCase):
    def refill(self, period, now, zone="UTC", created="2026-01-01T00:00"):
        """Return the first day of the period of `now` and when the next one begins."""
        budget = Budget(period=period, created_at=moment(created))
        with override_settings(TIME_ZONE=zone):
            again = budget.refills_at(moment(now))
            day = budget.starts_on(moment(now)).isoformat()
        return day, again and again.astimezone(UTC).isoformat(timespec="minutes")

    def test_a_day_is_the_sites_day(self):
        self.assertEqual(
            self.refill("day", "2026-11-29T17:30", "Asia/Jakarta"),
            ("2026-11-30", "2026-11-30T17:00+00:00"),
        )
        self.assertEqual(
            self.refill("day", "2026-11-29T17:30", "America/New_York"),
            ("2026-11-29", "2026-11-30T05:00+00:00"),
        )

    def test_a_week_begins_on_monday(self):
        self.assertEqual(
            self.refill("week", "2026-11-29T23:59"),
            ("2026-11-23", "2026-11-30T00:00+00:00"),
        )

    def test_months_end_when_they_do(self):
        for now, day, again in (
            ("2028-02-29T12:00", "2028-02-01", "2028-03-01T00:00+00:00"),
            ("2027-01-31T23:59", "2027-01-01", "2027-02-01T00:00+00:00"),
            ("2026-12-31T23:59", "2026-12-01", "2027-01-01T00:00+00:00"),
            ("2026-11-01T00:00", "2026-11-01", "2026-12-01T00:00+00:00"),
        ):
            with self.subTest(now):
                self.assertEqual(self.refill("month", now), (day, again))

    def test_days_are_as_long_as_clocks_make_them(self):
        # Berlin: 23 hours on 29 March, 25 on 25 October 2026.
        for now, again in (
            ("2026-03-28T23:30", "2026-03-29T22:00+00:00"),
            ("2026-10-24T22:30", "2026-10-25T23:00+00:00"),
        ):
            with self.subTest(now):
                self.assertEqual(self.refill("day", now, "Europe/Berlin")[1], again)

    def test_a_month_across_a_change_of_clocks(self):
        self.assertEqual(
            self.refill("month", "2026-10-01T12:00", "Europe/Berlin"),
            ("2026-10-01", "2026-10-31T23:00+00:00"),
        )

    def test_where_clocks_skip_midnight_the_day_begins_after_it(self):
        # Beirut, 29 March 2026: 00:00 is 01:00.
        self.assertEqual(
            self.refill("day", "2026-03-28T12:00", "Asia/Beirut")[1],
            "2026-03-28T22:00+00:00",
        )

    def test_once_is_once(self):
        self.assertEqual(
            self.refill("once", "2026-11-29T12:00", created="2026-05-05T10:00"),
            ("2026-05-05", None),
        )


@override_settings(CURRENCY="Rp")
class MoneyTests(SimpleTestCase):
    def test_it_is_written_as_people_read_it(self):
        for language, micros, shown in (
            ("en", 1_234_560_000, "Rp 1,234.56"),
            ("id", 1_234_560_000, "Rp 1.234,56"),
            ("en", 1_999_999, "Rp 2.00"),
            ("en", 1_250, "Rp 0.0013"),
            ("en", 0, "Rp 0.00"),
        ):
            with self.subTest(shown), translation.override(language):
                self.assertEqual(shown_money(micros), shown)
