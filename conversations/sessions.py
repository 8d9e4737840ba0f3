from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Asks the database for what can be a key only: not all text can be asked for."""

    def _validate_session_key(self, key):
        is_long = super()._validate_session_key(key)
        return is_long and key.isascii() and key.isalnum()
