from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.models import Conversation, UnsentText
from conversations.models.unsent import NEW_CHAT

from .refusals import Refusal


class Conflict(Exception):
    """Something else was written there in the meantime: `unsent`, an UnsentText."""

    def __init__(self, unsent):
        super().__init__()
        self.unsent = unsent


@transaction.atomic
def save_unsent(*, user, conversation_id, text, version=""):
    """Keep what `user` has typed and not sent there; "" forgets it.

    `conversation_id` is NEW_CHAT for the box of a new chat. `version` is that of the
    UnsentText that `text` goes on from, "" for none. Return the UnsentText, None when
    nothing is kept. Raises Conflict when another was written since and would be lost,
    Refusal when `text` is longer than a message may be, and Conversation.DoesNotExist
    when they may not write in that conversation.
    """
    if conversation_id != NEW_CHAT:
        _check(user, conversation_id)
    text = rendering.clean(text)
    if len(text) > settings.CHAT_MAX_MESSAGE_CHARACTERS:
        raise Refusal("too_long", _("This is too long to be kept for you."))
    rows = UnsentText.objects.filter(user=user, conversation_id=conversation_id)
    kept = rows.select_for_update().first()
    if kept and kept.version != version and not text.startswith(kept.text):
        raise Conflict(kept)
    if not text.strip():
        rows.delete()
        return None
    if kept and kept.text == text:
        return kept
    return _keep(user, conversation_id, text)


def _keep(user, conversation_id, text):
    """Save it, also when another request does so at this very moment."""
    unsent = UnsentText(
        user=user,
        conversation_id=conversation_id,
        text=text,
        written_at=timezone.now(),
    )
    UnsentText.objects.bulk_create(
        [unsent],
        update_conflicts=True,
        unique_fields=["user", "conversation_id"],
        update_fields=["text", "written_at"],
    )
    return unsent


def _check(user, conversation_id):
    theirs = Conversation.objects.editable_by(user).filter(pk=conversation_id)
    if not theirs.exists():
        raise Conversation.DoesNotExist
