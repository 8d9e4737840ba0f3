"""Who opened a socket: the person whose session its cookie names."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare


def user_of(cookies, find):
    """Return the user that the session names, None when there is none any more.

    `find(user_id)` is a query for that user, if active. The session is over when the
    password was changed since.
    """
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    session = _store(key).load() if key else {}
    users = find(session[SESSION_KEY]) if SESSION_KEY in session else []
    known = session.get(HASH_SESSION_KEY, "")
    return next((user for user in users if _is_hash_of(user, known)), None)


def _store(key):
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _is_hash_of(user, known):
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(known, found) for found in hashes)
