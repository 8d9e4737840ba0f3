"""A person's own message in another wording, without JavaScript."""

import logging
import uuid

from django.conf import settings
from django.db import DatabaseError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.actions.messages import edit_message
from conversations.actions.refusals import Refusal
from conversations.forms import MessageForm

from .scope import address_of, editable_message, gone_is_404

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
@gone_is_404()
def message_edit(request, conversation_id, message_id):
    message = editable_message(request, conversation_id, message_id)
    if not message.may_be_edited:
        return redirect(address_of(message))
    if request.method == "GET":
        first = {"text": message.text, "client_id": uuid.uuid4()}
        return _draw(request, message, MessageForm(initial=first))
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _draw(request, message, form, status=422)
    try:
        posted = edit_message(
            user=request.user,
            message=message,
            text=form.words,
            client_id=form.sent_id,
        )
    except Refusal as refusal:
        form.add_error("text", refusal.detail)
        return _draw(request, message, form, status=422)
    except DatabaseError:
        logger.exception("A message was not saved")
        form.add_error("text", _("Your message could not be saved. Send it again."))
        return _draw(request, message, form, status=503)
    return redirect(address_of(posted.question))


def _draw(request, message, form, *, status=200):
    context = {
        "message": message,
        "form": form,
        "max_message_characters": settings.CHAT_MAX_MESSAGE_CHARACTERS,
    }
    template = "conversations/message_edit.html"
    return render(request, template, context, status=status)
