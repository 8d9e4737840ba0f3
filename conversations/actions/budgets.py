"""Who may spend how much: what administrators set, and what is refused by it."""

from contextlib import contextmanager

from django.db import transaction

from conversations import usage
from conversations.models import Budget

from .refusals import Refusal


@contextmanager
def refused_when_used_up():
    """Turn a budget without room into the Refusal that tells of it."""
    try:
        yield
    except usage.Exhausted as error:
        raise Refusal(error.code, error.sentence) from None


# When one of these changes, what was used is counted again from the ledger.
_COUNTED_BY = ("user_id", "group_id", "persona_id", "is_for_each", "unit", "period")


@transaction.atomic
def save_budget(*, budget):
    """Save `budget`; what was used in its period stays used, however it is counted."""
    before = Budget.objects.filter(pk=budget.pk).first()
    budget.save()
    if before and any(getattr(before, n) != getattr(budget, n) for n in _COUNTED_BY):
        budget.periods.all().delete()
