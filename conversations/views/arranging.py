"""What a person does to conversations in their list, one or several at once."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from conversations import listing
from conversations.actions.bin import remove_conversations, restore_conversations
from conversations.actions.changes import take_back
from conversations.actions.conversations import (
    archive_conversations,
    mark_read,
    mark_unread,
    move_conversations,
    pin_conversations,
    rename_conversation,
    unarchive_conversations,
    unpin_conversations,
)
from conversations.actions.refusals import Refusal
from conversations.forms.conversations import BulkForm, MoveForm, TitleForm
from conversations.models import Conversation, Participant
from conversations.protocol import lists

from .answering import done, refused
from .folders import folder_choices
from .framing import render_framed
from .scope import visible_conversation


@require_GET
def conversation_menu(request, conversation_id):
    """What can be done with it: the menu of its item, or a page of its own."""
    found = listing.rows_of(request.user, [conversation_id])
    if not found:
        raise Http404
    name = "_conversation_menu" if found[0].is_own else "_conversation_menu_together"
    menu = f"conversations/{name}.html"
    context = {"conversation": found[0], "menu": menu}
    if "fragment" in request.GET:
        return render(request, menu, context)
    return render_framed(request, "conversations/conversation_menu.html", **context)


@require_POST
def conversation_rename(request, conversation_id):
    conversation = _mine(request, conversation_id).get()
    form = TitleForm(request.POST)
    form.full_clean()
    try:
        rename_conversation(
            conversation=conversation, title=form.cleaned_data.get("title", "")
        )
    except Refusal as refusal:
        return refused(request, refusal, then=conversation.get_absolute_url())
    return done(
        request,
        frames=lists.changed(request.user, [conversation.pk]),
        then=conversation.get_absolute_url(),
    )


@require_POST
def conversation_pin(request, conversation_id):
    return _placed(request, conversation_id, pin_conversations)


@require_POST
def conversation_unpin(request, conversation_id):
    return _placed(request, conversation_id, unpin_conversations)


@require_POST
def conversation_archive(request, conversation_id):
    return _placed(request, conversation_id, archive_conversations)


@require_POST
def conversation_unarchive(request, conversation_id):
    return _placed(request, conversation_id, unarchive_conversations)


@require_POST
def conversation_remove(request, conversation_id):
    then = reverse("conversations:conversation_new")
    return _changed(request, conversation_id, remove_conversations, then=then)


def conversation_move(request, conversation_id):
    """By GET: the folders to choose from."""
    rows = _mine(request, conversation_id)
    if request.method != "POST":
        return folder_choices(request, conversation=rows.get())
    form = MoveForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Http404
    return _changed(
        request,
        conversation_id,
        move_conversations,
        folder=form.cleaned_data["folder"],
    )


@require_POST
def conversation_mark_unread(request, conversation_id):
    return _marked(request, conversation_id, mark_unread)


@require_POST
def conversation_mark_read(request, conversation_id):
    return _marked(request, conversation_id, mark_read)


@require_POST
def conversation_bulk(request):
    """Do to all that are named what the button says."""
    form = BulkForm(_lists(request.POST), user=request.user)
    if not (form.is_valid() and form.cleaned_data["conversation"]):
        refusal = Refusal("wrong", _("Choose conversations, and what to do with them."))
        return refused(request, refusal, then=_list_url())
    chosen = form.cleaned_data
    rows = Conversation.objects.filter(pk__in=chosen["conversation"])
    if chosen["verb"] == "restore":
        rows = rows.in_bin_of(request.user)
    else:
        rows = rows.owned_by(request.user)
    if not rows.exists():
        raise Http404
    if chosen["verb"]:
        return _act(request, rows, VERBS[chosen["verb"]], then=_list_url())
    return _act(
        request, rows, move_conversations, folder=chosen["folder"], then=_list_url()
    )


def _lists(data):
    """The values that a form gives once as such, conversations as a list."""
    return {
        name: data.getlist(name) if name == "conversation" else value
        for name, value in data.items()
    }


@require_POST
def conversation_undo(request):
    """Take back what a notice told of."""
    try:
        pks = take_back(user=request.user, token=request.POST.get("token", ""))
    except Refusal as refusal:
        return refused(request, refusal, then=_list_url())
    there = Conversation.objects.visible_to(request.user).filter(pk__in=pks)
    then = there[0].get_absolute_url() if len(pks) == 1 and there else _list_url()
    return done(request, frames=lists.changed(request.user, pks), then=then)


VERBS = {
    "pin": pin_conversations,
    "unpin": unpin_conversations,
    "archive": archive_conversations,
    "unarchive": unarchive_conversations,
    "remove": remove_conversations,
    "restore": restore_conversations,
}


def _mine(request, conversation_id):
    rows = Conversation.objects.owned_by(request.user).filter(pk=conversation_id)
    get_object_or_404(rows)
    return rows


def _changed(request, conversation_id, action, *, then=None, **arguments):
    rows = _mine(request, conversation_id)
    then = then or _address(conversation_id)
    return _act(request, rows, action, then=then, **arguments)


def _placed(request, conversation_id, action):
    """What everybody who takes part does for themselves."""
    places = Participant.objects.of(request.user).joined()
    rows = places.filter(conversation=conversation_id)
    if not rows.exists():
        rows = _mine(request, conversation_id)
    return _act(request, rows, action, then=_address(conversation_id))


def _address(conversation_id):
    return reverse("conversations:conversation_detail", args=[conversation_id])


def _act(request, rows, action, *, then, **arguments):
    try:
        change = action(rows=rows, **arguments)
    except Refusal as refusal:
        return refused(request, refusal, then=then)
    return done(
        request,
        frames=lists.changed(request.user, change.pks),
        words=_words(action, len(change.pks), arguments.get("folder")),
        undo=change.token,
        then=then,
    )


def _words(action, count, folder):
    """What was done, in a sentence; "" for what is seen at once."""
    if not count:
        return ""
    if action is remove_conversations:
        words = ngettext("Moved to the bin.", "%(count)d moved to the bin.", count)
    elif action is archive_conversations:
        words = ngettext("Archived.", "%(count)d archived.", count)
    elif action is move_conversations and folder:
        words = ngettext(
            "Moved to “%(name)s”.", "%(count)d moved to “%(name)s”.", count
        )
    elif action is move_conversations:
        words = ngettext(
            "Taken out of its folder.", "%(count)d taken out of their folders.", count
        )
    elif action is unarchive_conversations or action is restore_conversations:
        words = ngettext("Back in the list.", "%(count)d back in the list.", count)
    elif action is pin_conversations and count > 1:
        words = _("%(count)d pinned.")
    else:
        return ""
    return words % {"count": count, "name": folder.name if folder else ""}


def _marked(request, conversation_id, action):
    conversation = visible_conversation(request, conversation_id)
    action(conversation=conversation)
    return done(
        request,
        frames=lists.changed(request.user, [conversation.pk]),
        then=_list_url(),
    )


def _list_url():
    return reverse("conversations:conversation_list")
