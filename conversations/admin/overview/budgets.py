"""Budgets that are nearly used up."""

from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.models.budgets import BudgetPeriod, shown, site_zone

from .tables import Cell, Table, named, page_of

NEAR_PART = 5  # a fifth
# A site may give each of many people a budget of their own.
MOST_ROWS = 200


def near_their_end():
    now = timezone.now()
    rows = [_row(period, now) for period in _periods(now)]
    return Table(
        "budgets",
        _("Budgets near their end"),
        [_("budget"), _("whose"), _("used"), _("share"), _("there again")],
        sorted(rows, key=lambda row: -row[3].value),
        empty=_("Every budget has room."),
    )


def _periods(now):
    """Keep those of now of which no more than a fifth is left."""
    amount = F("budget__amount")  # divided first: a product may be too large
    used_up = Q(used__gte=amount - amount / NEAR_PART)
    rows = BudgetPeriod.objects.current(now).filter(used_up)
    rows = rows.select_related(
        "user", "budget__user", "budget__group", "budget__persona"
    )
    return rows.order_by("-used")[:MOST_ROWS]


def _row(period, now):
    budget = period.budget
    percent = 100 * period.used // budget.amount if budget.amount else 100
    again = budget.refills_at(now)
    when = date_format(again.astimezone(site_zone()), "DATE_FORMAT") if again else ""
    whose = str(period.user) if period.user else budget.whose
    return [
        named(str(budget), page_of("budget", budget.pk)),
        Cell(whose, whose, is_number=False),
        Cell(shown(budget.unit, period.used), period.used),
        Cell(f"{percent} %", percent, share=min(percent, 100)),
        Cell(when or _("never"), again.isoformat() if again else "", is_number=False),
    ]
