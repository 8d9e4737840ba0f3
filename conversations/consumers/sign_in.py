"""Who opened a socket: the person whose session its cookie names."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Exists, OuterRef, Subquery
from django.utils.crypto import constant_time_compare

from conversations.models import Conversation, Generation, Participant, User
from conversations.models.factors import has_factor, must_have_factor
from conversations.models.prepared import Prepared


def user_of(cookies, find):
    """Return the user that the session names, None when there is none any more.

    `find(user_id)` is a query for that user, if active, with `has_factor`. The session
    is over when the password was changed since; it does not count while the site asks
    for a second factor that the user lacks.
    """
    key = session_key_of(cookies)
    session = session_store(key).load() if key else {}
    users = find(session[SESSION_KEY]) if SESSION_KEY in session else []
    known = session.get(HASH_SESSION_KEY, "")
    return next((user for user in users if _may_enter(user, known)), None)


def session_key_of(cookies):
    """Return the key of the session that the cookie names, None without one."""
    return cookies.get(settings.SESSION_COOKIE_NAME)


def session_store(key=None):
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _may_enter(user, known):
    is_factor_missing = not user.has_factor and must_have_factor(user)
    return _is_hash_of(user, known) and not is_factor_missing


def _is_hash_of(user, known):
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(known, found) for found in hashes)


@Prepared
def active_user(user_id):
    active = User.objects.filter(pk=user_id, is_active=True)
    return active.annotate(has_factor=has_factor())


@Prepared
def reader_of(user_id, conversation_id):
    """The user, and how they and their page stand to a conversation."""
    there = Conversation.objects.filter(pk=conversation_id)
    own = there.owned_by(OuterRef("pk"))
    part = Participant.objects.joined().filter(
        conversation=conversation_id,
        conversation__deleted_at=None,
        user=OuterRef("pk"),
    )
    replies = Generation.objects.open().filter(message__conversation=conversation_id)
    return User.objects.filter(pk=user_id, is_active=True).annotate(
        has_factor=has_factor(),
        is_taken=Exists(there),
        may_read=Exists(own) | Exists(part),
        head_id=Subquery(own.values("head")),  # a participant asks for what they miss
        title=Subquery(own.values("title")),
        is_replying=Exists(replies),
    )
