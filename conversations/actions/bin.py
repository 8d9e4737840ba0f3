from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from conversations import events
from conversations.models import Conversation, Generation, Message, UnsentText

from .changes import change
from .participants import tell_participants
from .replies import stop_reply

# So many messages are deleted in one transaction, or those of one conversation: others
# wait to write meanwhile.
MESSAGES_AT_ONCE = 2_000
CONVERSATIONS_AT_ONCE = 100
# In the bin since then: what was to go at once.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def remove_conversations(*, rows):
    """Put the QuerySet `rows`, of one owner, into the bin; stop their replies."""
    removed = change(rows, "deleted_at", timezone.now())
    growing = Message.objects.filter(
        conversation__in=removed.pks, generation__state__in=Generation.OPEN
    )
    for reply in growing.select_related("generation__model", "conversation"):
        stop_reply(reply=reply)
    return removed


def restore_conversations(*, rows):
    """Take them out of the bin."""
    return change(rows, "deleted_at", None)


def delete_conversations(*, rows):
    """Delete for good what is in the bin, some at once and the rest by the clock.

    It can no longer be restored from now on. Return how many conversations that are.
    """
    with transaction.atomic():
        pks = list(rows.order_by().values_list("pk", flat=True)[:CONVERSATIONS_AT_ONCE])
        count = rows.order_by().update(deleted_at=LONG_AGO)
    delete_batch(Conversation.objects.filter(pk__in=pks))
    return count


def delete_due():
    """Delete a batch of what is due: out of the bin, or temporary.

    Return how many conversations that were; 0 when nothing is due any more.
    """
    deleted = delete_batch(Conversation.objects.out_of_bin())
    return deleted + delete_batch(Conversation.objects.expired())


@transaction.atomic
def delete_batch(rows):
    """Delete some of `rows` for good, with all that was said; return how many."""
    batch = batch_of(rows)
    delete_these(batch)
    return len(batch)


def batch_of(rows):
    """Return the pks of some of `rows`, few enough to be deleted; in a transaction."""
    rows = rows.order_by()
    owners = rows.values_list("pk", "owner_id")[:CONVERSATIONS_AT_ONCE]
    batch = rows.filter(pk__in=_within_bounds(dict(owners)))
    # Somebody may have written in one, or restored it, in this moment: it stays.
    return list(batch.order_by("pk").select_for_update().values_list("pk", flat=True))


def delete_these(batch):
    """Delete the conversations of those pks; in a transaction."""
    if not batch:
        return
    tell_participants(batch)
    UnsentText.objects.filter(conversation_id__in=batch).delete()
    # First what was said: the index takes it out for whoever goes and puts it back.
    Message.objects.filter(conversation__in=batch).only("pk").delete()
    Conversation.objects.filter(pk__in=batch).delete()
    for pk in batch:
        # A page of it may be open, as of a temporary chat.
        events.changed_on_pages(pk)


def _within_bounds(owners):
    """Return the pks whose messages are few enough to be deleted together."""
    counts = Message.objects.filter(conversation__in=owners).order_by()
    counts = dict(counts.values_list("conversation").annotate(Count("pk")))
    batch, size = [], 0
    for pk in owners:
        size += counts.get(pk, 0)
        if batch and size > MESSAGES_AT_ONCE:
            break
        batch.append(pk)
    return batch
