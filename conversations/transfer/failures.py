"""How a transfer ends that does not end well."""

from django.db import InterfaceError, OperationalError


class TransferFailed(Exception):
    """Nothing more can be done with it; the message is a sentence for its person."""


class Cancelled(Exception):
    """Nobody wants it any more, or this process is about to end: leave at once."""


# The database is locked or not there: it will come back.
AWAY = (InterfaceError, OperationalError)
