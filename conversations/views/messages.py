import logging

from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations import thread
from conversations.actions.messages import post_message
from conversations.actions.refusals import Refusal
from conversations.forms import MessageForm
from conversations.models import Message

from .conversations import render_detail, render_new
from .scope import gone_is_404, visible_conversation

logger = logging.getLogger(__name__)


@require_GET
def message_list(request, conversation_id):
    """Older messages, for who scrolls up."""
    conversation = visible_conversation(request, conversation_id)
    page = thread.thread_page(conversation, before_id=_before(request))
    older = reverse("conversations:message_list", args=[conversation.pk])
    context = {
        "messages": page.messages,
        "older_url": f"{older}?before={page.before_id}" if page.before_id else "",
    }
    return render(request, "conversations/_message_page.html", context)


def _before(request):
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


@require_GET
def message_source(request, conversation_id, message_id):
    """The Markdown of one message."""
    message = get_object_or_404(
        Message.objects.visible_to(request.user),
        pk=message_id,
        conversation=conversation_id,
    )
    return HttpResponse(message.text, content_type="text/plain; charset=utf-8")


@require_POST
@gone_is_404()
def message_send(request, conversation_id):
    """Send a message without JavaScript; what does not do is asked for again."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _again(request, conversation_id, form)
    try:
        post_message(
            user=request.user,
            conversation_id=conversation_id,
            text=form.words,
            client_id=form.sent_id,
            parent_id=form.cleaned_data["parent"],
            persona_slug=form.cleaned_data["persona"],
            folder_id=form.cleaned_data["folder"],
            is_temporary=form.cleaned_data["temporary"],
        )
    except Refusal as refusal:
        form.add_error("text", refusal.detail)
        return _again(request, conversation_id, form)
    except DatabaseError:
        logger.exception("A message was not saved")
        form.add_error("text", _("Your message could not be saved. Send it again."))
        return _again(request, conversation_id, form, status=503)
    return redirect("conversations:conversation_detail", conversation_id)


def _again(request, conversation_id, form, *, status=422):
    try:
        conversation = visible_conversation(request, conversation_id, "persona")
    except Http404:
        return render_new(request, conversation_id, form=form, status=status)
    return render_detail(request, conversation, form=form, status=status)
