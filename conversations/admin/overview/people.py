"""Who is here."""

from django.utils.translation import gettext as _

from conversations.metrics.exposition import open_sockets

from . import days
from .tables import Figure, count, rows_at

WINDOWS = (1, 7, 30)


def figures():
    labels = {
        1: _("People active today"),
        7: _("People active in 7 days"),
        30: _("People active in 30 days"),
    }
    shown = days.last(max(WINDOWS))
    return [
        Figure(
            labels[window],
            count(len(frozenset().union(*(day.people for day in shown[-window:])))),
            rows_at("user", active=window),
        )
        for window in WINDOWS
    ]


def sockets():
    return [
        Figure(
            _("Sockets open now, on this machine"),
            count(open_sockets()),
        )
    ]
