from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from conversations.models import Conversation, Message, Report
from conversations.models.retention import due

from .audit import record_act
from .bin import batch_of, delete_these

BY_THE_CLOCK = "retention"


@dataclass(frozen=True, slots=True)
class Outlived:
    """How much has outlived the days that the site keeps it."""

    people: int
    conversations: int
    messages: int
    reports: int


def count_outlived():
    """Return how much is due now; nothing is changed."""
    rows = Conversation.objects.outlived().order_by()
    return Outlived(
        people=rows.values("owner").distinct().count(),
        conversations=rows.count(),
        messages=Message.objects.filter(conversation__in=rows.values("pk")).count(),
        reports=_reports().count(),
    )


@transaction.atomic
def delete_outlived(actor=BY_THE_CLOCK):
    """Delete a batch of what is due; return how many rows of ours that were.

    The audit log says how much it was, and of how many people: never what or whose.
    """
    batch = batch_of(Conversation.objects.outlived())
    rows = Conversation.objects.filter(pk__in=batch).order_by()
    counts = {
        "people": rows.values("owner").distinct().count(),
        "conversations": len(batch),
        "messages": Message.objects.filter(conversation__in=batch).count(),
    }
    delete_these(batch)
    counts["reports"] = _reports().delete()[0]
    if not (counts["conversations"] or counts["reports"]):
        return 0
    changes = {name: [count, 0] for name, count in counts.items()}
    record_act(actor, "conversations.expired", None, changes)
    return counts["conversations"] + counts["reports"]


def _reports():
    """The branches that the moderators were shown are kept no longer than the rest."""
    return Report.objects.filter(due(lambda moment: Q(created_at__lte=moment)))
