"""What was used on each day, where the site is: asked once, and kept.

A day that is over changes no more, but for calls that ended after midnight.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from conversations.models import UsageEntry, User
from conversations.models.budgets import site_zone

from . import tables

FRESH_SECONDS = 30
YESTERDAY_SECONDS = 60 * 60
PAST_SECONDS = 24 * 60 * 60
UNGROUPED = 0


class Day(NamedTuple):
    """The sums of one day; `people` are the pks of those who asked something."""

    date: date
    total: tables.Sum
    personas: dict
    models: dict
    groups: dict
    people: frozenset


def today():
    return timezone.now().astimezone(site_zone()).date()


def begins_at(day):
    return datetime.combine(day, time.min, site_zone())


def last(number):
    """Return the last so many Days, today being the last of them."""
    now = today()
    wanted = [now - timedelta(days=back) for back in reversed(range(number))]
    known = cache.get_many([_key(day) for day in wanted])
    groups = None
    days = []
    for day in wanted:
        if _key(day) not in known:
            groups = _groups() if groups is None else groups
            known[_key(day)] = _sums_of(day, groups)
            cache.set(_key(day), known[_key(day)], _kept_seconds(now - day))
        days.append(known[_key(day)])
    return days


def _kept_seconds(age):
    if age > timedelta(days=1):
        return PAST_SECONDS
    return YESTERDAY_SECONDS if age else FRESH_SECONDS


def _key(day):
    return f"overview.day.{day:%Y%m%d}"


def _groups():
    """Return the pks of each person's groups."""
    found = {}
    for user, group in User.groups.through.objects.values_list("user", "group"):
        found.setdefault(user, []).append(group)
    return found


def _sums_of(day, groups):
    personas, models, in_groups = tables.Sums(), tables.Sums(), tables.Sums()
    total, people = tables.Sum(), set()
    # Asked for at once, nearly every entry would be a row of its own.
    for row in _rows(day, "persona", "model"):
        sum_ = _sum_of(row)
        total.add(sum_)
        personas.add(row["persona"], sum_)
        models.add(row["model"], sum_)
    for row in _rows(day, "user"):
        sum_ = _sum_of(row)
        for group in groups.get(row["user"], [UNGROUPED]):
            in_groups.add(group, sum_)
        if row["asked"] and row["user"]:
            people.add(row["user"])
    return Day(
        day, total, personas.by_pk, models.by_pk, in_groups.by_pk, frozenset(people)
    )


def _sum_of(row):
    return tables.Sum(
        row["calls"], row["micros"] or 0, row["unknown"], row["tokens"] or 0
    )


def _rows(day, *fields):
    """Read the ledger of one day, by its date, added up by `fields`."""
    entries = UsageEntry.objects.spent().filter(
        created_at__gte=begins_at(day),
        created_at__lt=begins_at(day + timedelta(days=1)),
    )
    settled = Q(state=UsageEntry.State.SETTLED)
    return (
        entries.order_by()
        .values(*fields)
        .annotate(
            calls=Count("pk", filter=settled),
            micros=Sum("cost_micros", filter=settled),
            unknown=Count("pk", filter=settled & Q(cost_micros=None)),
            tokens=Sum(F("prompt_tokens") + F("completion_tokens"), filter=settled),
            asked=Count("pk", filter=Q(purpose__in=UsageEntry.MESSAGES)),
        )
    )
