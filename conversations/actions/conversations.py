from django.db.models import F, Q
from django.utils import timezone

from conversations import events
from conversations.models import Conversation
from conversations.models.prepared import Prepared


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


def lock(user, conversation_id):
    """Return the conversation; whatever else is about to add to it waits its turn.

    Raises Conversation.DoesNotExist when it is not theirs to write in.
    """
    if mine := _editable(user.pk, conversation_id):
        return mine[0]
    raise Conversation.DoesNotExist


@Prepared
def _editable(user_id, conversation_id):
    mine = Conversation.objects.editable_by(user_id).filter(pk=conversation_id)
    mine = mine.select_related("owner", "persona__version__model__provider")
    return mine.select_for_update(of=("self",))
