"""Links to conversations, for those who make them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.actions.refusals import Refusal
from conversations.actions.shares import create_share, renew_share, revoke_share
from conversations.forms.shares import RenewForm, ShareForm
from conversations.models import Conversation, Share
from conversations.models.shares import offered_audiences

from .framing import render_framed


@never_cache
@require_GET
def share_list(request):
    """All links of a person."""
    shares = _shares(request.user)
    template = "conversations/share_list.html"
    return render_framed(request, template, shares=shares, is_list=True)


@never_cache
@require_http_methods(["GET", "POST"])
def share_create(request, conversation_id):
    """The links to one conversation, and the form that makes another."""
    conversation = get_object_or_404(
        Conversation.objects.owned_by(request.user).select_related("persona", "folder"),
        pk=conversation_id,
    )
    if not offered_audiences():
        raise Http404
    if request.method == "GET":
        return _render_panel(request, conversation, _fresh_form(request))
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _render_panel(request, conversation, form, status=422)
    try:
        share = create_share(
            user=request.user,
            conversation=conversation,
            audience=form.cleaned_data["audience"],
            reader_names=form.names,
            shows_author=form.cleaned_data["shows_author"],
            head_id=form.cleaned_data["head"],
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _render_panel(request, conversation, form, status=422)
    return _changed(request, conversation, _("The link is made."), fresh=share)


@require_POST
def share_renew(request, share_id):
    """Have a link lead to the conversation as it is now."""
    share = get_object_or_404(
        Share.objects.editable_by(request.user)
        .living()
        .select_related("conversation__persona", "conversation__folder"),
        pk=share_id,
    )
    form = RenewForm(request.POST)
    head_id = form.cleaned_data["head"] if form.is_valid() else None
    try:
        renew_share(share=share, head_id=head_id)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return _back(request, share.conversation)
    done = _("The link shows the conversation as it is now.")
    return _changed(request, share.conversation, done, fresh=share)


@require_POST
def share_revoke(request, share_id):
    """Take a link back."""
    share = get_object_or_404(
        Share.objects.editable_by(request.user)
        .defer("content")
        .select_related("conversation"),
        pk=share_id,
    )
    revoke_share(share=share)
    return _changed(request, share.conversation, _("Nobody can open that link now."))


def _shares(user):
    mine = Share.objects.editable_by(user).defer("content")
    return mine.select_related("conversation").prefetch_related("readers")


def _fresh_form(request):
    # Nobody is let in whom the site does not know, unless that is chosen.
    head = request.POST.get("head") or request.GET.get("head")
    initial = {"audience": Share.Audience.SIGNED_IN, "head": head}
    return ShareForm(initial=initial)


def _changed(request, conversation, done, *, fresh=None):
    """Say what is done: in the dialog at once, elsewhere on the page one came from."""
    if "fragment" not in request.POST:
        messages.success(request, done)
        return _back(request, conversation)
    form = _fresh_form(request)
    return _render_panel(request, conversation, form, done=done, fresh=fresh)


def _back(request, conversation):
    if "list" in request.POST or conversation.deleted_at or not offered_audiences():
        return redirect("conversations:share_list")
    return redirect("conversations:share_create", conversation.pk)


def _render_panel(request, conversation, form, *, status=200, done="", fresh=None):
    is_fragment = "fragment" in (request.GET | request.POST)
    context = {
        "conversation": conversation,
        "form": form,
        "shares": _shares(request.user).filter(conversation=conversation),
        "done": done,
        "fresh": fresh,
        "is_fragment": is_fragment,
    }
    if is_fragment:
        panel = "conversations/_share_panel.html"
        return render(request, panel, context, status=status)
    page = "conversations/share_create.html"
    return render_framed(request, page, status=status, **context)
