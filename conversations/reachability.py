"""Whether WebSockets reach this site, as far as it can tell.

A page that gets none through asks by plain HTTP; a socket that opens proves that they
pass. Administrators are told while the first happens and the second does not.
"""

import logging
import time

from django.core.cache import cache

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS = 600
# So long a process does not note again what it has noted.
_PAUSE_SECONDS = 60
_MISSED, _PASSED = "sockets.missed", "sockets.passed"
_noted_at = {}


def missed():
    """A page had to ask by plain HTTP. The log says so once, until sockets pass."""
    if _is_noted(_MISSED) or cache.get(_PASSED):
        return
    if cache.add(_MISSED, True, REMEMBERED_SECONDS):
        logger.warning(
            "WebSockets do not reach this site; pages ask by plain HTTP instead. "
            "Let your proxy pass Upgrade."
        )
    else:
        cache.touch(_MISSED, REMEMBERED_SECONDS)


def passed():
    """A socket has opened."""
    if _is_noted(_PASSED):
        return
    _noted_at.pop(_MISSED, None)
    cache.set(_PASSED, True, REMEMBERED_SECONDS)
    if cache.delete(_MISSED):
        logger.info("WebSockets reach this site again.")


def are_missed():
    """Whether administrators are to be told."""
    return cache.get(_MISSED) is not None


def _is_noted(what):
    now, at = time.monotonic(), _noted_at.get(what)
    if at is not None and now - at < _PAUSE_SECONDS:
        return True
    _noted_at[what] = now
    return False
