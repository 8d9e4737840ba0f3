from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.actions.accounts import remove_account
from conversations.actions.refusals import Refusal
from conversations.forms.settings import AccountRemoveForm
from conversations.models import Conversation, Participant

from .languages import remember_language


def _has_no_password(request):
    return not request.user.has_usable_password()


@reauthentication_required(app="allauth.mfa", enabled=_has_no_password)
@require_http_methods(["GET", "POST"])
def account_remove(request):
    """Say what goes for good, and remove it once the password was given.

    Who has none proves in another way that it is they, before they come here.
    """
    if request.method == "GET":
        return _render(request, AccountRemoveForm(request.user))
    if limited := ratelimit.consume_or_429(
        request, action="reauthenticate", user=request.user
    ):
        return limited
    form = AccountRemoveForm(request.user, request.POST)
    if not form.is_valid():
        return _render(request, form, status=422)
    try:
        remove_account(request.user)
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return _render(request, form, status=409)
    language = request.user.language
    logout(request)
    messages.success(request, _("Your account is deleted."))
    response = redirect("account_login")
    if language:  # the page that says so speaks it, too
        remember_language(response, language)
    return response


def _render(request, form, *, status=200):
    mine = Conversation.objects.filter(owner=request.user)
    context = {"form": form, "count": mine.count(), "together": _together(mine)}
    template = "conversations/settings_account_remove.html"
    return render(request, template, context, status=status)


def _together(rows):
    """Count those of `rows` in which somebody else takes part now."""
    places = Participant.objects.joined().filter(conversation__in=rows)
    return places.values("conversation").distinct().count()
