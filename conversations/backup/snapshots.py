"""A database as it is at one moment, while others go on writing."""

import sqlite3
from contextlib import closing, contextmanager

from django.db import connections, transaction

_COPY = "backup_copy"


@contextmanager
def snapshot(using, folder):
    """Yield the alias under which the database can be read as it is now.

    Of SQLite that is a copy in `folder`, so that no writer waits; see `copy_sqlite`.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        path = folder / "copy.sqlite3"
        copy_sqlite(connection, path)
        with opened(connection, path) as alias:
            yield alias
        return
    with transaction.atomic(using=using):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield using


def copy_sqlite(connection, path):
    """Copy the database into the file `path`, as of one moment, by SQLite's own way."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


@contextmanager
def opened(connection, path):
    """Yield the alias of another file of SQLite, read in the way of `connection`."""
    copy = connection.copy(_COPY)
    copy.settings_dict["NAME"] = str(path)
    connections[_COPY] = copy
    try:
        yield _COPY
    finally:
        copy.close()
        del connections[_COPY]
