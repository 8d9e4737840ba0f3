"""Whether the site is healthy: what /health/ tells, in words."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from conversations import health


class Part(NamedTuple):
    label: str
    word: str
    is_well: bool


def parts():
    labels = {
        "database": _("Database"),
        "disk": _("Disk"),
        "redis": _("Redis"),
        "lag": _("Event loop"),
    }
    words = {
        health.OK: _("in order"),
        health.AWAY: _("away"),
        health.UNMIGRATED: _("migrations wait"),
        health.LOW: _("nearly full"),
        health.LATE: _("late"),
        health.UNUSED: _("not used"),
    }
    return [
        Part(labels.get(name, name), words.get(word, word), _is_well(word))
        for name, word in health.examine().items()
    ]


def _is_well(word):
    return word in (health.OK, health.UNUSED)
