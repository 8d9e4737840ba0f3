from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from conversations.actions.branches import select_branch
from conversations.actions.refusals import Refusal
from conversations.actions.replies import continue_reply, regenerate_reply, stop_reply
from conversations.models import Message


@require_POST
def reply_regenerate(request, conversation_id, message_id):
    reply = _message(request, conversation_id, message_id)
    return _acted(request, reply, regenerate_reply, user=request.user, reply=reply)


@require_POST
def reply_continue(request, conversation_id, message_id):
    reply = _message(request, conversation_id, message_id)
    return _acted(request, reply, continue_reply, user=request.user, reply=reply)


@require_POST
def reply_stop(request, conversation_id, message_id):
    reply = _message(request, conversation_id, message_id)
    return _acted(request, reply, stop_reply, reply=reply)


@require_POST
def branch_select(request, conversation_id, message_id):
    message = _message(request, conversation_id, message_id)
    return _acted(request, message, select_branch, message=message)


def _message(request, conversation_id, message_id):
    return get_object_or_404(
        Message.objects.editable_by(request.user).select_related(
            "conversation", "parent", "generation__persona_version__persona"
        ),
        pk=message_id,
        conversation=conversation_id,
    )


def _acted(request, message, action, /, **arguments):
    """Do it, and go back to the conversation; a refusal is said at its top."""
    try:
        action(**arguments)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return redirect(message.conversation)
