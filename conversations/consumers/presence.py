"""Whether those who opened the sockets of this process are still signed in.

An event tells a socket at once. What ends a session without one, as a command or a
process that is cut off, is found by looking after all sockets together: one that only
listens makes no query of its own.
"""

import asyncio
import contextvars
import logging

from django.utils import timezone

from conversations import events, lanes
from conversations.models import Terms, User

from .sign_in import session_store

logger = logging.getLogger(__name__)

# Promised are five seconds, in which the socket has to look and to close as well.
LOOK_SECONDS = 3.5
# So many sockets are looked after with two queries.
BATCH = 500


class Presence:
    """The open sockets of this process whose user is known."""

    def __init__(self):
        self._sockets = set()
        self._looking = None

    def add(self, socket):
        self._sockets.add(socket)
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(
                self._look_by_the_clock(), context=contextvars.Context()
            )

    def remove(self, socket):
        self._sockets.discard(socket)
        if not self._sockets and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look_by_the_clock(self):
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception as error:
                logger.error("Who is still signed in was not found out: %s", error)

    async def look(self):
        """Have each socket look for itself whose session or user has changed."""
        sockets = list(self._sockets)
        for start in range(0, len(sockets), BATCH):
            batch = {
                socket.channel_name: (socket.session_key, _known_of(socket.user))
                for socket in sockets[start : start + BATCH]
            }
            # Not in the lane of the sockets, which have enough to do after a restart.
            for channel in await lanes.settling.run(changed_among, batch):
                await events.answer(channel, events.SIGN_IN_CHANGED)


def changed_among(batch):
    """Return those keys of `batch` whose session is over or whose user has changed.

    Its values are `(session key, (user id, …))`, as `_known_of` has it.
    """
    sessions = (
        session_store()
        .get_model_class()
        .objects.filter(
            session_key__in={key for key, _ in batch.values()},
            expire_date__gt=timezone.now(),
        )
    )
    living = set(sessions.values_list("session_key", flat=True))
    users = User.objects.filter(
        pk__in={known[0] for _, known in batch.values()}, is_active=True
    )
    unchanged = {known for known in users.values_list(*_KNOWN) if not _owes(known)}
    return [
        name
        for name, (key, known) in batch.items()
        if key not in living or known not in unchanged
    ]


# What a session depends on, and what a person may do by.
_KNOWN = ("pk", "password", "is_staff", "is_superuser", "accepted_terms_id")


def _owes(known):
    """Whether terms have come into force that they have not accepted."""
    current = Terms.current()
    return current is not None and known[-1] != current.pk


def _known_of(user):
    return tuple(getattr(user, name) for name in _KNOWN)


present = Presence()
