from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from conversations.actions.forks import fork_conversation
from conversations.actions.refusals import Refusal

from .scope import editable_message, gone_is_404


@require_POST
@gone_is_404()
def conversation_fork(request, conversation_id, message_id):
    """Go on from a message in a conversation of its own."""
    message = editable_message(request, conversation_id, message_id)
    try:
        fork = fork_conversation(user=request.user, message=message)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return redirect(message.conversation)
    return redirect(fork)
