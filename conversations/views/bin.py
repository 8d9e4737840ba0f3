"""What is out of the list: the archive, and the bin."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from conversations import listing
from conversations.actions.bin import delete_conversations, restore_conversations
from conversations.models import Conversation, Participant

from .answering import done
from .framing import render_framed


@require_GET
def archive_list(request):
    rows = Conversation.objects.owned_by(request.user).archived()
    places = Participant.objects.of(request.user).joined()
    places = places.filter(archived_at__isnull=False)
    others = [
        place.conversation.seen_through(place)
        for place in places.select_related("conversation__persona")
    ]
    template = "conversations/archive_list.html"
    return _page(request, template, rows, "archived_at", others)


@require_GET
def bin_list(request):
    rows = Conversation.objects.in_bin_of(request.user)
    return _page(request, "conversations/bin_list.html", rows, "deleted_at")


@require_POST
def bin_empty(request):
    count = delete_conversations(rows=Conversation.objects.in_bin_of(request.user))
    words = ngettext(
        "%(count)d conversation is deleted for good.",
        "%(count)d conversations are deleted for good.",
        count,
    )
    then = reverse("conversations:bin_list")
    return done(request, words=words % {"count": count} if count else "", then=then)


@require_POST
def conversation_restore(request, conversation_id):
    restore_conversations(rows=_in_bin(request, conversation_id))
    then = reverse("conversations:bin_list")
    words = ngettext("Back in the list.", "%(count)d back in the list.", 1)
    return done(request, words=words % {"count": 1}, then=then)


@require_POST
def conversation_delete(request, conversation_id):
    """For good; the page has asked whether that is meant."""
    delete_conversations(rows=_in_bin(request, conversation_id))
    then = reverse("conversations:bin_list")
    return done(request, words=_("Deleted for good."), then=then)


def _in_bin(request, conversation_id):
    rows = Conversation.objects.in_bin_of(request.user).filter(pk=conversation_id)
    get_object_or_404(rows)
    return rows


def _page(request, template, rows, column, others=()):
    """Draw a page of `rows` with what of `others` stands between its ends."""
    rows = rows.select_related("persona").defer("leaves")
    before = request.GET.get("before", "")
    page, cursor = listing.cut(rows, column, before=before)
    first, last = listing.row_of(before), listing.row_of(cursor)
    page += [
        row
        for row in others
        if not (first and getattr(row, column) >= first[0])
        and not (last and getattr(row, column) < last[0])
    ]
    page.sort(key=lambda row: getattr(row, column), reverse=True)
    if before and not page:
        return redirect(request.path)
    next_url = f"{request.path}?before={cursor}" if cursor else ""
    return render_framed(request, template, conversations=page, next_url=next_url)
