"""Values of a file that somebody else wrote: of any type, in any place."""

import math
import re
from datetime import UTC, datetime, timedelta

from conversations import rendering

LONGEST_ID = 100
LONGEST_TITLE = 200
LONGEST_NAME = 200

_ID = re.compile(r"[\w.:@/+=-]+", re.ASCII)
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)
# Seconds, milliseconds, microseconds, nanoseconds: told by their size.
_SECONDS_END = 1e11


def mapping(value):
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value):
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def string(value):
    """Return `value` if it is text, else ""."""
    return value if isinstance(value, str) else ""


def text(value):
    """Return the text in whole characters, without white space around it."""
    return rendering.clean(string(value)).strip()


def line(value, longest):
    """Return the text as one line of at most so many characters."""
    return " ".join(rendering.clean(string(value)[: 10 * longest]).split())[:longest]


def title(value):
    return line(value, LONGEST_TITLE)


def name(value):
    return line(value, LONGEST_NAME)


def identity(value):
    """Return `value` as an id that can be kept; "" where it cannot be one.

    MongoDB writes `{"$oid": "…"}`.
    """
    if isinstance(value, dict):
        value = value.get("$oid")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else ""
    value = string(value)
    return value if len(value) <= LONGEST_ID and _ID.fullmatch(value) else ""


def moment(value):
    """Return the time that `value` tells, None if it tells none.

    It is a number of seconds or smaller units since 1970, or a date as in ISO 8601;
    one without a time zone is taken for UTC. MongoDB writes `{"$date": …}`.
    """
    if isinstance(value, dict):
        value = value.get("$date", value.get("$numberLong"))
    if isinstance(value, dict):
        value = value.get("$numberLong")
    found = _from_text(value) if isinstance(value, str) else _from_number(value)
    return found if found and _FIRST <= found < _LAST else None


def _from_text(value):
    value = value.strip()[:64]
    try:  # first, as many numbers of milliseconds are a date in ISO 8601, too
        found = _from_number(float(value))
    except ValueError:
        found = None
    if found and found >= _FIRST:
        return found
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _from_number(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < 1e21 or math.isnan(value):
        return None
    while value >= _SECONDS_END:
        value /= 1000
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=value)
