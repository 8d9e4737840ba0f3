"""Where somebody is signed in."""

from allauth.usersessions.models import UserSession

from conversations import events


def end_sessions(user, sessions):
    """End those of `user`'s `sessions`: their next request, or frame, is nobody's."""
    for session in sessions:
        session.end()
    events.publish_on_commit(events.user_group(user.pk), events.SIGN_IN_CHANGED)


def end_all_sessions(user):
    end_sessions(user, UserSession.objects.filter(user=user))
