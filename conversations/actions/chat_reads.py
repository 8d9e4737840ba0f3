from django.db import transaction
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.models import ChatRead, Conversation

from .audit import record_act
from .refusals import Refusal

MOST_CHARACTERS = ChatRead._meta.get_field("reason").max_length


@transaction.atomic
def begin_read(*, reader, conversation, reason):
    """Let `reader` read a conversation of another for an hour; return the ChatRead.

    Its owner sees who did and why. Raises Refusal where the site's policy or the rights
    of `reader` do not let them, and without a reason.
    """
    if not Conversation.objects.askable_by(reader).filter(pk=conversation.pk).exists():
        raise Refusal("not_allowed", _("This site does not let you read it."))
    reason = rendering.clean(reason).strip()
    if not reason:
        raise Refusal("no_reason", _("Say why. Whose conversation it is will see it."))
    if len(reason) > MOST_CHARACTERS:
        raise Refusal(
            "too_long",
            _("The reason has %(size)d characters; at most %(most)d fit.")
            % {"size": len(reason), "most": MOST_CHARACTERS},
        )
    read = ChatRead.objects.create(
        conversation_id=conversation.pk,
        owner_id=conversation.owner_id,
        reader_id=reader.pk,
        reader_name=reader.username,
        reason=reason,
    )
    record_act(reader, "conversation.read", conversation, reason=reason)
    return read
