"""Several people in one conversation."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.actions.participants import (
    choose_replies,
    invite_person,
    join_conversation,
    remove_participant,
)
from conversations.actions.refusals import Refusal
from conversations.forms.participants import InviteForm, RepliesForm
from conversations.models import Conversation, Participant

from .framing import render_framed
from .scope import invitations, visible_conversation


@never_cache
@require_GET
def participant_list(request, conversation_id):
    """Who takes part; for its owner, also whom to invite and when there are replies."""
    conversation = visible_conversation(request, conversation_id, "persona", "owner")
    return _draw(request, conversation, InviteForm())


@require_POST
def participant_invite(request, conversation_id):
    conversation = _own(request, conversation_id)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _draw(request, conversation, form, status=422)
    name = form.cleaned_data["name"]
    try:
        place = invite_person(conversation=conversation, name=name)
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(request, conversation, form, status=422)
    said = _("%(name)s is invited, and finds it in their list.")
    messages.success(request, said % {"name": place.user.username})
    return redirect("conversations:participant_list", conversation.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def participant_remove(request, conversation_id, participant_id):
    """Ask whether its owner is sure, then remove that person."""
    place = get_object_or_404(
        Participant.objects.select_related("user", "conversation"),
        conversation=_own(request, conversation_id),
        pk=participant_id,
    )
    if request.method == "GET":
        return _ask(request, place)
    remove_participant(place=place)
    said = _("%(name)s takes no part any more.") % {"name": place.user.username}
    messages.success(request, said)
    return redirect("conversations:participant_list", conversation_id)


@require_POST
def conversation_replies(request, conversation_id):
    """Have the persona reply always, or when it is mentioned."""
    conversation = _own(request, conversation_id)
    form = RepliesForm(request.POST)
    if not form.is_valid():
        raise Http404
    choose_replies(conversation=conversation, when=form.cleaned_data["when"])
    messages.success(request, _("Saved."))
    return redirect("conversations:participant_list", conversation.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def conversation_join(request, conversation_id):
    """The invitation, and its acceptance."""
    rows = invitations(request, conversation_id)
    rows = rows.select_related("conversation__owner", "conversation__persona")
    place = get_object_or_404(rows)
    if request.method == "POST":
        join_conversation(place=place)
        return redirect(place.conversation)
    context = {"place": place, "title": place.conversation.title}
    return render_framed(request, "conversations/conversation_join.html", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def conversation_leave(request, conversation_id):
    """Ask whether they are sure, then let them go; by POST also who is only invited."""
    rows = Participant.objects.of(request.user).select_related("user", "conversation")
    place = get_object_or_404(rows, conversation=conversation_id)
    if request.method == "GET":
        return _ask(request, place)
    remove_participant(place=place)
    said = _("You left.") if place.joined_at else _("You declined.")
    messages.success(request, said)
    return redirect("conversations:conversation_new")


def _own(request, conversation_id):
    rows = Conversation.objects.owned_by(request.user)
    rows = rows.select_related("persona", "owner")
    return get_object_or_404(rows, pk=conversation_id)


def _draw(request, conversation, form, *, status=200):
    places = conversation.participants.select_related("user")
    context = {
        "conversation": conversation,
        "places": places,
        "form": form,
        "replies": RepliesForm(initial={"when": conversation.replies_when}),
    }
    template = "conversations/participant_list.html"
    return render_framed(request, template, status=status, **context)


def _ask(request, place):
    template = "conversations/participant_remove.html"
    context = {"place": place, "is_own": place.user == request.user}
    return render_framed(request, template, **context)
