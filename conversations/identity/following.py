"""What follows when an account of somewhere else comes, goes or is signed in by."""

from django.contrib import messages
from django.utils.translation import gettext as _

from conversations.actions.identity import follow_groups
from conversations.actions.invitations import use_invitation
from conversations.actions.refusals import Refusal
from conversations.actions.sign_up import find_invitation


def connected(sociallogin, **_signal):
    follow_groups(sociallogin.user)


def disconnected(socialaccount, **_signal):
    follow_groups(socialaccount.user, left=socialaccount.provider)


def signed_in(request, user, sociallogin=None, **_signal):
    """Take the invitation by whose page somebody with an account came.

    Who is new has taken it already: with it they got their account.
    """
    token = sociallogin.state.get("invitation") if sociallogin else ""
    if not token:
        return
    try:
        group = _take(token, user)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return
    if group:
        done = _("You are in the group “%(name)s” now.")
        messages.success(request, done % {"name": group.name})


def _take(token, user):
    """Return the group that is theirs now, None for one they were in already."""
    invitation = find_invitation(token)
    if invitation is None:
        raise Refusal("used_up", _("This invitation is used up or was taken back."))
    if invitation.group is None:  # nothing is theirs by it
        return None
    is_new = use_invitation(invitation=invitation, user=user)
    return invitation.group if is_new else None
