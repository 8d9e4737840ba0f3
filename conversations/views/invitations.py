"""Coming by an invitation: with a link, or with a code that is typed in."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conversations.actions.invitations import use_invitation
from conversations.actions.refusals import Refusal
from conversations.actions.sign_up import find_invitation, is_open_to
from conversations.forms.invitations import CodeForm


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation_find(request):
    """Find the invitation whose code somebody types in. Wrong ones are counted."""
    if limited := ratelimit.consume_or_429(request, action="join_code", dry_run=True):
        return limited
    form = CodeForm(request.POST or None)
    if form.is_valid():
        return redirect(form.cleaned_data["code"])
    ratelimit.consume(request, action="join_code")
    status = 422 if form.is_bound else 200
    template = "conversations/invitation_find.html"
    return render(request, template, {"form": form}, status=status)


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation_detail(request, token):
    """What an invitation is for. Who is signed in takes it here, others sign up."""
    invitation = find_invitation(token)
    if invitation is None:
        return render(request, "conversations/invitation_missing.html", status=404)
    if request.method == "POST" and request.user.is_authenticated:
        return _join(request, invitation)
    context = {"invitation": invitation, "may_sign_up": is_open_to(token)}
    return render(request, "conversations/invitation_detail.html", context)


def _join(request, invitation):
    """Take them into its group; without one there is nothing to take, nor to use up."""
    group = invitation.group
    if group is None:
        return redirect("conversations:conversation_new")
    try:
        is_new = use_invitation(invitation=invitation, user=request.user)
    except Refusal:
        return redirect(invitation)
    if is_new or request.user.groups.filter(pk=group.pk).exists():
        done = _("You are in the group “%(name)s” now.")
        messages.success(request, done % {"name": group.name})
    else:
        said = _("You came by this invitation before. Ask an administrator.")
        messages.error(request, said)
    return redirect("conversations:conversation_new")
