"""The rows in which budgets are counted, one for each period."""

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from conversations.models import Budget, BudgetPeriod, UsageEntry
from conversations.models.budgets import entries_of


def find(budgets, user_id, now):
    """Return `(budget, BudgetPeriod)` for each; one not begun yet is not saved."""
    return _in_order(budgets, user_id, now, BudgetPeriod.objects.all())


def lock(budgets, user_id, now):
    """Return `(budget, BudgetPeriod)` for each, kept from others until the commit.

    All take the same order, so that nobody waits for one who waits for them. For that,
    too, what is missing is begun before anything is locked: whoever begins a period
    waits for others who do.
    """
    missing = [period for _, period in find(budgets, user_id, now) if not period.pk]
    if missing:
        # Another process may begin it at the same moment: the first one counts.
        BudgetPeriod.objects.bulk_create(missing, ignore_conflicts=True)
    return _in_order(budgets, user_id, now, BudgetPeriod.objects.select_for_update())


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
