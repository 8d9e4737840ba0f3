"""What a link leads to, for those who have it: their page, and a copy of their own."""

from copy import copy
from functools import wraps

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conversations.actions.refusals import Refusal
from conversations.actions.shares import continue_share, persona_to_continue
from conversations.forms.shares import ContinueForm
from conversations.models import Persona, Share

from .snapshots import page_of


def discreet(view):
    """Keep what a link leads to out of caches and search engines.

    A link that is wrong, was taken back or is for others gives one and the same page.
    """

    @wraps(view)
    def answer(request, token, **arguments):
        try:
            response = view(request, token, **arguments)
        except Http404:
            context = {"user": _reader(request), "token": token}
            response = render(
                request, "conversations/share_missing.html", context, status=404
            )
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answer


@login_not_required
@require_safe
@csp_replace({"script-src": [NONE], "connect-src": [NONE]})
@discreet
def share_detail(request, token):
    """The snapshot, for whoever may read it: no script, and nothing but reading."""
    share = _find(request, token)
    context = {
        "user": _reader(request),
        "share": share,
        "author": share.author.display_name if share.shows_author else "",
        **page_of(request, share.content),
    }
    response = render(request, "conversations/share_detail.html", context)
    # No other site learns the address. Pages with forms do without this: a browser
    # that tells nothing at all cannot show that it sent them from here.
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_safe
@discreet
def share_avatar(request, token, slug):
    """The image of a persona that speaks in the snapshot."""
    share = _find(request, token)
    if slug not in _slugs(share):
        raise Http404
    persona = get_object_or_404(Persona, slug=slug)
    if not persona.avatar_image:
        raise Http404
    response = FileResponse(persona.avatar_image.open(), content_type="image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "POST"])
@discreet
def share_continue(request, token):
    """A copy of one's own to go on with, once one has signed in."""
    share = _find(request, token)
    form = ContinueForm(request.POST)
    if request.method == "GET":
        return _render_continue(request, share)
    if not form.is_valid():
        error = _("Choose a persona to talk to.")
        return _render_continue(request, share, error=error, status=422)
    slug = form.cleaned_data["persona"]
    try:
        conversation = continue_share(user=request.user, share=share, persona_slug=slug)
    except Refusal as refusal:
        return _render_continue(request, share, error=refusal.detail, status=422)
    return redirect(conversation)


def _render_continue(request, share, *, error="", status=200):
    usable = Persona.objects.usable_by(request.user).select_related("version")
    context = {
        "share": share,
        "personas": list(usable),
        "persona": persona_to_continue(share, usable, request.user),
        "error": error,
    }
    name = "conversations/share_continue.html"
    return render(request, name, context, status=status)


def _find(request, token):
    shares = Share.objects.visible_to(request.user).select_related("author")
    return get_object_or_404(shares, token=token)


def _reader(request):
    """Return whom the page is drawn for, in their colours, without their id."""
    reader = copy(request.user)
    reader.pk = None
    return reader


def _slugs(share):
    return {item["persona"]["slug"] for item in share.content if item["persona"]}
