from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from conversations.models.prepared import Prepared


class SessionStore(db.SessionStore):
    """Django's, whose query on the way of every page is compiled once.

    It asks the database for what can be a key only: not all text can be asked for.
    """

    def _validate_session_key(self, key):
        is_long = super()._validate_session_key(key)
        return is_long and key.isascii() and key.isalnum()

    def _get_session_from_db(self):
        for session in _session(self.session_key):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None

    def cycle_key(self):
        """With what the list of sessions has of it: nothing else would end it."""
        former = self.session_key
        super().cycle_key()
        if former:
            noted = UserSession.objects.filter(session_key=former)
            noted.update(session_key=self.session_key)


@Prepared
def _session(key):
    return Session.objects.filter(session_key=key)
