"""Which of the two kinds of index a database has."""

from . import postgres, sqlite


def engine_of(connection):
    """Return the module that knows the index of this kind of database."""
    return sqlite if connection.vendor == "sqlite" else postgres
