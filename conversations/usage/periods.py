"""The rows in which budgets are counted, one for each period."""

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from conversations.models import Budget, BudgetPeriod, UsageEntry
from conversations.models.budgets import entries_of

# What is used of a period that is just being begun; nobody else ever sees it.
UNCOUNTED = -1


def find(budgets, user_id, now):
    """Return `(budget, BudgetPeriod)` for each; one not begun yet is not saved."""
    return _in_order(budgets, user_id, now, BudgetPeriod.objects.all())


def lock(budgets, user_id, now):
    """Return `(budget, BudgetPeriod)` for each, kept from others until the commit.

    All take the same order, so that nobody waits for one who waits for them. For that,
    too, what is missing is begun before anything is locked: whoever begins a period
    waits for others who do, and for calls that end.
    """
    found = find(budgets, user_id, now)
    if any(period.pk is None for _, period in found):
        _begin(budgets, user_id, now, found)
    return _in_order(budgets, user_id, now, BudgetPeriod.objects.select_for_update())


def amount_of(unit, entry):
    """Return what `entry` takes of a budget in that unit."""
    if entry.state == UsageEntry.State.RELEASED:
        return 0
    if unit == Budget.Unit.MESSAGES:
        return int(entry.purpose in UsageEntry.MESSAGES)
    if unit == Budget.Unit.TOKENS:
        return entry.prompt_tokens + entry.completion_tokens
    return entry.cost_micros or 0


def _begin(budgets, user_id, now, found):
    missing = [period for _, period in found if period.pk is None]
    for period in missing:
        period.used = UNCOUNTED
    # Another process may begin it at the same moment: the first one counts.
    BudgetPeriod.objects.bulk_create(missing, ignore_conflicts=True)
    for budget, period in find(budgets, user_id, now):
        if period.used == UNCOUNTED:
            _charge_open(budget, period, user_id, now)
            period.used = _spent_already(budget, user_id, now)
            period.save(update_fields=["used"])


def _charge_open(budget, period, user_id, now):
    """Have calls that nobody has settled give back what they do not take of it."""
    entries = entries_of(budget, user_id, now).open()
    for entry in entries.select_for_update(of=("self",)).order_by("pk"):
        charges = entry.charges | {str(period.pk): amount_of(budget.unit, entry)}
        UsageEntry.objects.filter(pk=entry.pk).update(charges=charges)


def _in_order(budgets, user_id, now, rows):
    wanted = Q(pk=None)
    for budget in budgets:
        whose = user_id if budget.is_for_each else None
        wanted |= Q(budget=budget, user=whose, starts_on=budget.starts_on(now))
    found = {p.budget_id: p for p in rows.filter(wanted).order_by("budget_id")}
    return [(b, found.get(b.pk) or _begun(b, user_id, now)) for b in budgets]


def _begun(budget, user_id, now):
    """A period to begin; what was spent in it before there was a budget counts."""
    return BudgetPeriod(
        budget=budget,
        user_id=user_id if budget.is_for_each else None,
        starts_on=budget.starts_on(now),
        used=_spent_already(budget, user_id, now),
    )


def _spent_already(budget, user_id, now):
    sums = {
        Budget.Unit.MONEY: Coalesce(Sum("cost_micros"), 0),
        Budget.Unit.TOKENS: Coalesce(
            Sum("prompt_tokens") + Sum("completion_tokens"), 0
        ),
        Budget.Unit.MESSAGES: Count("pk", filter=Q(purpose__in=UsageEntry.MESSAGES)),
    }
    entries = entries_of(budget, user_id, now)
    return int(entries.aggregate(used=sums[budget.unit])["used"])
