import uuid

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from conversations import listing, thread
from conversations.forms import MessageForm
from conversations.models import Conversation, Persona


@require_GET
def conversation_new(request):
    return render_new(
        request, uuid.uuid4(), form=_form(persona=request.GET.get("persona", ""))
    )


@require_GET
def conversation_detail(request, conversation_id):
    conversation = get_object_or_404(
        Conversation.objects.visible_to(request.user).select_related("persona"),
        pk=conversation_id,
    )
    return render_detail(request, conversation)


@require_GET
def conversation_list(request):
    page = listing.list_page(request.user, before=request.GET.get("before", ""))
    if "fragment" in request.GET:
        context = {"list_page": page}
        return render(request, "conversations/_conversation_page.html", context)
    return _render_framed(request, "conversations/conversation_list.html", page)


def render_new(request, conversation_id, *, form, status=200):
    """Draw the page of a chat that begins, with what `form` holds already."""
    personas = Persona.objects.usable_by(request.user).select_related("version")
    named = personas.filter(slug=form["persona"].value() or "").first()
    return _render_framed(
        request,
        "conversations/conversation_new.html",
        listing.list_page(request.user),
        status=status,
        conversation=None,
        conversation_id=conversation_id,
        personas=list(personas),
        persona=named or personas.first_choice_of(request.user),
        form=form,
    )


def render_detail(request, conversation, *, form=None, status=200):
    """Draw the page of `conversation`, with what `form` holds already."""
    page = thread.thread_page(conversation)
    older = reverse("conversations:message_list", args=[conversation.pk])
    return _render_framed(
        request,
        "conversations/conversation_detail.html",
        listing.list_page(request.user),
        status=status,
        conversation=conversation,
        conversation_id=conversation.pk,
        persona=conversation.persona,
        messages=page.messages,
        older_url=f"{older}?before={page.before_id}" if page.before_id else "",
        head_id=conversation.head_id,
        replying=page.is_replying,
        form=form or _form(parent=conversation.head_id),
    )


def _render_framed(request, template, list_page, *, status=200, **context):
    context |= {
        "list_page": list_page,
        "max_message_characters": settings.CHAT_MAX_MESSAGE_CHARACTERS,
    }
    return render(request, template, context, status=status)


def _form(**initial):
    return MessageForm(initial={"client_id": uuid.uuid4(), **initial})
