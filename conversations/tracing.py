"""The id that follows a request into the log, the reply it asked for and the provider.

It lives in a context variable: what a request or a frame calls and awaits has its id,
also in the threads that asgiref runs synchronous code in. A task that begins without
a context of its own has none until it says `begin`.
"""

import re
import secrets
from contextvars import ContextVar

# What we take from others: it goes into headers and log lines as it is.
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")

_current = ContextVar("request_id", default="")


def begin(request_id=None):
    """Go on under `request_id`, or under a new one of 16 hex digits; return it.

    One that is not `SANE` is not taken: longer than 64 characters, or with any that
    are not letters, digits, dots, dashes and underscores.
    """
    if not request_id or not SANE.fullmatch(request_id):
        request_id = secrets.token_hex(8)
    _current.set(request_id)
    return request_id


def current():
    """Return the id of what is being done, "" where nothing has begun."""
    return _current.get()
