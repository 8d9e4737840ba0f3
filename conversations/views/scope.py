"""What an address names, among what is there for whoever asks, as they see it."""

from contextlib import contextmanager
from functools import cache

from django.http import Http404
from django.shortcuts import get_object_or_404

from conversations.models import Conversation, Message, Participant
from conversations.models.prepared import Prepared

_WITH = ("conversation", "parent", "author", "generation__persona_version__persona")


@contextmanager
def gone_is_404():
    """Have a conversation that is not theirs, maybe since a moment ago, be not found.

    Also a decorator of what changes it.
    """
    try:
        yield
    except Conversation.DoesNotExist:
        raise Http404 from None


def visible_conversation(request, conversation_id, *related):
    """Return the conversation to read; raises Http404."""
    found = _readable(related)(request.user.pk, conversation_id)
    if not found:
        raise Http404
    return _seen(request, found[0])


@cache
def _readable(related):
    def rows(user_id, conversation_id):
        readable = Conversation.objects.visible_to(user_id).select_related(*related)
        return readable.filter(pk=conversation_id)

    return Prepared(rows)


def invitations(request, conversation_id):
    """Return the invitation to that conversation, if there is one, as a QuerySet."""
    places = Participant.objects.of(request.user).invited()
    return places.filter(conversation=conversation_id)


def visible_message(request, conversation_id, message_id):
    """Return the message to read; raises Http404."""
    rows = Message.objects.visible_to(request.user)
    return _find(request, rows, conversation_id, message_id)


def editable_message(request, conversation_id, message_id):
    """Return the message to act on; raises Http404."""
    rows = Message.objects.editable_by(request.user)
    return _find(request, rows, conversation_id, message_id)


def ended_reply(message):
    """Return `message`, which is a reply that is not being written; raises Http404."""
    if not message.is_reply or message.generation.is_open:
        raise Http404
    return message


def address_of(message):
    """Where a message is read, on whatever branch it stands."""
    return f"{message.conversation.get_absolute_url()}#{message.dom_id}"


def _find(request, rows, conversation_id, message_id):
    rows = rows.select_related(*_WITH)
    message = get_object_or_404(rows, pk=message_id, conversation=conversation_id)
    _seen(request, message.conversation)
    return message


def _seen(request, conversation):
    with gone_is_404():
        return conversation.seen_by(request.user.pk)
