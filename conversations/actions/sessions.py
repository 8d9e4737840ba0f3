"""Where somebody is signed in."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from conversations import events

ERASED_AT_ONCE = 1000


def end_sessions(user, sessions):
    """End those of `user`'s `sessions`: their next request, or frame, is nobody's."""
    for session in sessions:
        session.end()
    recheck_sign_in(user)


def end_other_sessions(user, session_key):
    """End all sessions of `user` but that of `session_key`; None: all of them."""
    others = UserSession.objects.filter(user=user)
    end_sessions(user, others.exclude(session_key=session_key or ""))


def end_all_sessions(user):
    end_other_sessions(user, None)


def recheck_sign_in(user):
    """Have the open sockets of `user` look whether, and as whom, they are signed in."""
    events.publish_on_commit(events.sign_in_group(user.pk), events.SIGN_IN_CHANGED)


def follow_change(user, changed):
    """Have the sessions of `user` follow that their fields `changed`.

    Who was shut out, or demoted, signs in anew, if they may.
    """
    rights = {"is_active", "is_staff", "is_superuser"}.intersection(changed)
    if all(getattr(user, name) for name in rights):
        recheck_sign_in(user)
    else:
        end_all_sessions(user)


def erase_expired():
    """Erase a batch of sessions that are over by themselves; return how many it was."""
    expired = Session.objects.filter(expire_date__lt=timezone.now())
    keys = list(expired.values_list("pk", flat=True)[:ERASED_AT_ONCE])
    UserSession.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
