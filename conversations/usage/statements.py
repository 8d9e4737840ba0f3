"""What one person used."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.formats import number_format

from conversations.models import Budget, UsageEntry
from conversations.models.budgets import shown_money
from conversations.models.translations import part_in_language


@dataclass(frozen=True, slots=True)
class Used:
    """What somebody used by way of one persona; `unknown` calls have no known price."""

    persona: str  # "" for what has none: titles, trials, or a persona that is gone
    calls: int
    tokens: int
    cost_micros: int
    unknown: int

    @property
    def shown_tokens(self):
        return number_format(self.tokens, force_grouping=True)

    @property
    def cost(self):
        """What it cost, as people read it; of what is partly unknown, at least so much.

        None where nothing of it is known.
        """
        if self.unknown and self.unknown == self.calls:
            return None
        return shown_money(self.cost_micros)


def of_month(user, now=None):
    """Return a Used for each persona this month, the most tokens first."""
    month = Budget(period=Budget.Period.MONTH)
    since = month.starts_at(now or timezone.now())
    entries = UsageEntry.objects.owned_by(user).spent().filter(created_at__gte=since)
    rows = entries.values("persona__name", "persona__translations").annotate(
        calls=Count("pk"),
        prompt=Sum("prompt_tokens"),
        completion=Sum("completion_tokens"),
        cost=Sum("cost_micros"),
        unknown=Count("pk", filter=Q(cost_micros=None)),
    )
    found = [
        Used(
            persona=_shown_name(row),
            calls=row["calls"],
            tokens=row["prompt"] + row["completion"],
            cost_micros=row["cost"] or 0,
            unknown=row["unknown"],
        )
        for row in rows.order_by()
    ]
    return sorted(found, key=lambda used: -used.tokens)


def _shown_name(row):
    translations = row["persona__translations"] or {}
    return part_in_language(translations, "name", row["persona__name"] or "")
