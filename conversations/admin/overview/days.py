"""What was used on each day, where the site is: asked once, and kept.

A day that is over changes no more, but for calls that ended after midnight.
"""

import asyncio
import logging
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from conversations import lanes
from conversations.models import UsageEntry, User
from conversations.models.budgets import site_zone
from conversations.models.prepared import Prepared

from . import tables

FRESH_SECONDS = 30
YESTERDAY_SECONDS = 60 * 60
PAST_SECONDS = 24 * 60 * 60
APART_SECONDS = 30 * 60
AT_HAND = 30  # days, as many as are shown
SOON_SECONDS = 20  # after a start, when whoever came back is served
AHEAD_SECONDS = 5 * 60
UNGROUPED = 0
NO_GROUPS = (UNGROUPED,)

logger = logging.getLogger(__name__)


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
    missing = [day for day in wanted if _key(day) not in known]
    groups = _groups() if missing else {}
    for day in missing:
        known[_key(day)] = _keep(day, now - day, groups)
    return [known[_key(day)] for day in wanted]


async def keep_at_hand():
    """Add up days that are over before somebody looks: of many calls it takes long."""
    await asyncio.sleep(SOON_SECONDS)
    while True:
        try:
            for back in range(1, AT_HAND):
                await lanes.settling.run(_have_at_hand, timedelta(days=back))
        except Exception as error:
            logger.error("What was used was not added up: %s", error)
        await asyncio.sleep(AHEAD_SECONDS)


def _have_at_hand(age):
    """One at a time: replies that end wait for as long."""
    day = today() - age
    if not cache.has_key(_key(day)):
        _keep(day, age, _groups())


def _keep(day, age, groups):
    sums = _sums_of(day, groups)
    cache.set(_key(day), sums, _kept_seconds(age))
    return sums


def _kept_seconds(age):
    """Not all of the past goes at once: whoever looked then would wait for it."""
    if age > timedelta(days=1):
        return PAST_SECONDS - age.days * APART_SECONDS
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
    between = begins_at(day), begins_at(day + timedelta(days=1))
    # Asked for at once, nearly every entry would be a row of its own.
    for persona, model, _asked, *sums in _by_persona_and_model(*between):
        sum_ = tables.Sum(*sums)
        total.add(sum_)
        personas.add(persona, sum_)
        models.add(model, sum_)
    for user, asked, *sums in _by_user(*between):
        sum_ = tables.Sum(*sums)
        for group in groups.get(user, NO_GROUPS):
            in_groups.add(group, sum_)
        if asked and user:
            people.add(user)
    return Day(
        day, total, personas.by_pk, models.by_pk, in_groups.by_pk, frozenset(people)
    )


@Prepared
def _by_persona_and_model(begin, end):
    return _added_up(begin, end, "persona", "model")


@Prepared
def _by_user(begin, end):
    return _added_up(begin, end, "user")


def _added_up(begin, end, *fields):
    """Add the ledger up by `fields`: what was asked, and then the values of a Sum."""
    entries = UsageEntry.objects.spent().filter(
        created_at__gte=begin, created_at__lt=end
    )
    settled = Q(state=UsageEntry.State.SETTLED)
    return (
        entries.order_by()
        .values(*fields)
        .annotate(
            asked=Count("pk", filter=Q(purpose__in=UsageEntry.MESSAGES)),
            calls=Count("pk", filter=settled),
            micros=Sum("cost_micros", filter=settled, default=0),
            unknown=Count("pk", filter=settled & Q(cost_micros=None)),
            tokens=Sum(
                F("prompt_tokens") + F("completion_tokens"), filter=settled, default=0
            ),
        )
        .values_list(*fields, "asked", "calls", "micros", "unknown", "tokens")
    )
