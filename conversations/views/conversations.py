import uuid

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from conversations import disclosure, listing, thread, usage
from conversations.actions.choices import personas_listed
from conversations.forms import MessageForm
from conversations.models import ChatRead, Folder, UnsentText
from conversations.models.personas import first_choice
from conversations.models.retention import days_of

from .framing import render_framed
from .scope import invitations, visible_conversation


@require_GET
def conversation_new(request):
    asked = {name: request.GET.get(name, "") for name in ("persona", "folder")}
    return render_new(request, uuid.uuid4(), form=_form(**asked))


@require_GET
def conversation_detail(request, conversation_id):
    try:
        related = f"persona__{disclosure.WITH}"
        conversation = visible_conversation(request, conversation_id, related)
    except Http404:
        if not invitations(request, conversation_id).exists():
            raise
        return redirect("conversations:conversation_join", conversation_id)
    return render_detail(request, conversation)


@require_GET
def conversation_list(request):
    """The whole list, or what is in one folder; page by page."""
    before, folder = request.GET.get("before", ""), request.GET.get("folder", "")
    if folder:
        return _folder(request, folder, before)
    opened = listing.opened_folders(request.COOKIES)
    page = listing.list_page(request.user, before=before, opened=opened)
    context = {"list_page": page}
    if "fragment" in request.GET:
        return render(request, "conversations/_conversation_page.html", context)
    return render(request, "conversations/conversation_list.html", context)


def _folder(request, pk, before):
    folder = _folder_of(request.user, pk)
    if folder is None:
        raise Http404
    context = {"group": listing.folder_page(request.user, folder, before=before)}
    if "fragment" in request.GET:
        return render(request, "conversations/_folder_page.html", context)
    return render(request, "conversations/folder_detail.html", context)


def _folder_of(user, pk):
    """Return the folder of that text, None when it is none of theirs."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    mine = Folder.objects.editable_by(user).select_related("persona")
    return mine.filter(pk=pk).first()


def render_new(request, conversation_id, *, form, status=200):
    """Draw the page of a chat that begins, with what `form` holds already."""
    personas = personas_listed(request.user)
    folder = _folder_of(request.user, str(form["folder"].value() or ""))
    wanted = _wanted(personas, form["persona"].value(), folder)
    return _render_thread(
        request,
        "conversations/conversation_new.html",
        status=status,
        conversation=None,
        conversation_id=conversation_id,
        personas=personas,
        persona=wanted or first_choice(personas, request.user),
        folder=folder,
        title_to=disclosure.title_to(request.user),
        form=form,
    )


def _wanted(personas, slug, folder):
    """Return whom the address, or else the folder, names; None for nobody there.

    Looked for among those that are shown: `slug` may be anything at all.
    """
    if slug:
        return next((p for p in personas if p.slug == slug), None)
    return next((p for p in personas if folder and p.pk == folder.persona_id), None)


def render_detail(request, conversation, *, form=None, status=200):
    """Draw the page of `conversation`, with what `form` holds already."""
    marked = request.GET.get("message", "")
    is_id = marked.isdecimal() and len(marked) < 19
    page = thread.thread_page(conversation, marked_id=int(marked) if is_id else None)
    older = reverse("conversations:message_list", args=[conversation.pk])
    return _render_thread(
        request,
        "conversations/conversation_detail.html",
        status=status,
        conversation=conversation,
        conversation_id=conversation.pk,
        persona=conversation.persona,
        messages=page.messages,
        older_url=f"{older}?before={page.before_id}" if page.before_id else "",
        head_id=page.head_id,
        marked_id=page.marked_id,
        replying=page.is_replying,
        read=ChatRead.last_of(conversation),
        form=form or _form(parent=page.head_id),
    )


def _render_thread(request, template, *, status, **context):
    """Draw a page with the message box."""
    persona = context["persona"]
    context |= {
        "max_message_characters": settings.CHAT_MAX_MESSAGE_CHARACTERS,
        "temporary_hours": settings.CHAT_TEMPORARY_HOURS,
        "budget_left": usage.scarcest_for(request.user.pk, persona and persona.pk),
        "unsent": UnsentText.objects.of(request.user, context["conversation"]),
        "sent": disclosure.sent_to(_personas(context)),
        "kept_days": days_of(_owner(request, context["conversation"])),
    }
    return render_framed(request, template, status=status, **context)


def _personas(context):
    """Whom the box may write to."""
    chosen = [context["persona"]] if context["persona"] else []
    return context.get("personas") or chosen


def _owner(request, conversation):
    """By whose account it is kept."""
    is_own = conversation is None or conversation.owner_id == request.user.pk
    return request.user if is_own else conversation.owner


def _form(**initial):
    return MessageForm(initial={"client_id": uuid.uuid4(), **initial})
