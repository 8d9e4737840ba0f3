from django.db.models import F, Q
from django.utils import timezone

from conversations import events
from conversations.models import Conversation


def mark_read(*, conversation):
    """Note that its owner has seen its end; tell their other tabs if that is news."""
    unseen = Q(read_at=None) | Q(read_at__lt=F("replied_at"))
    rows = Conversation.objects.filter(unseen, pk=conversation.pk)
    if rows.exclude(replied_at=None).update(read_at=timezone.now()):
        events.publish_on_commit(
            events.user_group(conversation.owner_id),
            events.CONVERSATION_CHANGED,
            conversation=str(conversation.pk),
        )
