"""The message that an address names, among those of whoever asks."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from conversations.models import Message

_WITH = ("conversation", "parent", "author", "generation__persona_version__persona")


def visible_message(request, conversation_id, message_id):
    """Return the message to read; raises Http404."""
    rows = Message.objects.visible_to(request.user)
    return _find(rows, conversation_id, message_id)


def editable_message(request, conversation_id, message_id):
    """Return the message to act on; raises Http404."""
    rows = Message.objects.editable_by(request.user)
    return _find(rows, conversation_id, message_id)


def ended_reply(message):
    """Return `message`, which is a reply that is not being written; raises Http404."""
    if not message.is_reply or message.generation.is_open:
        raise Http404
    return message


def address_of(message):
    """Where a message is read, on whatever branch it stands."""
    return f"{message.conversation.get_absolute_url()}#{message.dom_id}"


def _find(rows, conversation_id, message_id):
    rows = rows.select_related(*_WITH)
    return get_object_or_404(rows, pk=message_id, conversation=conversation_id)
