from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from conversations.actions.forks import fork_conversation
from conversations.actions.refusals import Refusal
from conversations.models import Conversation

from .scope import editable_message


@require_POST
def conversation_fork(request, conversation_id, message_id):
    """Go on from a message in a conversation of its own."""
    message = editable_message(request, conversation_id, message_id)
    try:
        fork = fork_conversation(user=request.user, message=message)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return redirect(message.conversation)
    except Conversation.DoesNotExist:  # they were removed a moment ago
        raise Http404 from None
    return redirect(fork)
