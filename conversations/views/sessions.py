from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.actions.sessions import end_other_sessions, end_sessions

SESSIONS = "conversations:settings_detail"


@require_POST
def session_end(request, session_id):
    """Sign out one of the browsers this person is signed in with."""
    session = get_object_or_404(_theirs(request), pk=session_id)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    end_sessions(request.user, [session])
    messages.success(request, _("That device is signed out."))
    return _back()


@require_POST
def session_end_others(request):
    end_other_sessions(request.user, request.session.session_key)
    messages.success(request, _("All other devices are signed out."))
    return _back()


def sessions_of(request):
    """Return where this person is signed in: here first, then the newest."""
    key = request.session.session_key
    sessions = UserSession.objects.purge_and_list(request.user)
    others = [session for session in sessions if session.session_key != key]
    here = next((session for session in sessions if session.session_key == key), None)
    others.sort(key=lambda session: session.created_at, reverse=True)
    return {"here": here or _unnoted(request), "others": others}


def _unnoted(request):
    """A session from before they were noted down."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    return UserSession(user_agent=agent, created_at=request.user.last_login)


def _theirs(request):
    return UserSession.objects.filter(user=request.user)


def _back():
    return redirect(f"{reverse(SESSIONS)}#sessions")
