"""Counts what people do, so that nobody does too much of it: windows in the cache."""

import time

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models.limits import limit_of

MINUTE, HOUR, DAY = 60, 3600, 86_400
WINDOWS = {
    "messages_per_minute": MINUTE,
    "searches_per_minute": MINUTE,
    "uploads_per_hour": HOUR,
    "imports_per_day": DAY,
    "exports_per_day": DAY,
}


class TooMany(Exception):
    """Somebody has done that too often; `sentence` says when they may again."""

    def __init__(self, name, seconds):
        self.name, self.seconds = name, seconds
        self.sentence = f"{_said(name)} {_again_in(seconds)}"
        super().__init__(self.sentence)


def count(user_id, name):
    """Count one more of `name` for that user; raises TooMany over their limit.

    What is too many is not counted. Each process counts for itself while Redis is away.
    """
    most, window = limit_of(user_id, name), WINDOWS[name]
    now = time.time()
    begun = int(now // window)
    key = f"limit.{name}.{user_id}.{begun}"
    if not most or add_up(key, 1, window) > most:
        raise TooMany(name, (begun + 1) * window - now)


def add_up(key, number, seconds):
    """Count `number` more under `key`, for so long; return how many they are by now."""
    if cache.add(key, number, seconds):
        return number
    try:
        return cache.incr(key, number)
    except ValueError:  # it has gone in this very moment
        return number


def _said(name):
    sentences = {
        "messages_per_minute": _("You send messages faster than this site allows."),
        "searches_per_minute": _("You search more often than this site allows."),
        "uploads_per_hour": _("You have uploaded as much as this site allows."),
        "imports_per_day": _("You have imported as often as this site allows."),
        "exports_per_day": _("You have exported as often as this site allows."),
    }
    return sentences[name]


def _again_in(seconds):
    if seconds > 2 * HOUR:
        hours = round(seconds / HOUR)
        said = ngettext("Try again in %d hour.", "Try again in %d hours.", hours)
        return said % hours
    if seconds > 2 * MINUTE:
        minutes = round(seconds / MINUTE)
        said = ngettext("Try again in %d minute.", "Try again in %d minutes.", minutes)
        return said % minutes
    seconds = max(1, round(seconds))
    said = ngettext("Try again in %d second.", "Try again in %d seconds.", seconds)
    return said % seconds


class Sockets:
    """The sockets that each person has open in this process."""

    def __init__(self):
        self._open = {}

    def opened(self, user_id):
        """Count one more; return how many they have open now."""
        self._open[user_id] = self._open.get(user_id, 0) + 1
        return self._open[user_id]

    def closed(self, user_id):
        left = self._open.get(user_id, 0) - 1
        if left > 0:
            self._open[user_id] = left
        else:
            self._open.pop(user_id, None)


sockets = Sockets()
