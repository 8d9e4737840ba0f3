"""Rows into a database, exactly as they were: no default, no clock, no trigger."""

import json
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connections

from conversations.models import append_only
from conversations.search import index
from conversations.search.engines import engine_of

from .tables import columns_of, kept_models, revived

_MOST_ROWS = 500
_MOST_BYTES = 4 << 20
_LONGEST_ROW = 256 << 20  # bytes; what is longer is cut, and no row


@contextmanager
def mended(using):
    """Rows may go and come as they like meanwhile; then all holds again.

    Within a transaction: what may never be changed is only free for this one.
    """
    connection = connections[using]
    engine_of(connection).release(connection)
    _run(connection, append_only.releasing(connection))
    yield
    connection.check_constraints()
    if connection.vendor == "postgresql":
        # What is still to be checked of a table forbids giving it its triggers.
        _run(connection, ["SET CONSTRAINTS ALL IMMEDIATE"])
        models = list(kept_models().values())
        _run(connection, connection.ops.sequence_reset_sql(no_style(), models))
    _run(connection, append_only.attaching(connection))
    for _done in index.rebuild(connection):
        pass


def empty(models, using):
    """Remove every row of those tables."""
    connection = connections[using]
    quote = connection.ops.quote_name
    _run(connection, [f"DELETE FROM {quote(model._meta.db_table)}" for model in models])


def load(model, lines, using):
    """Insert the rows that `lines` of JSON hold, as they are."""
    batch, size = [], 0
    while line := lines.readline(_LONGEST_ROW):
        batch.append(revived(model, json.loads(line)))
        size += len(line)
        if size >= _MOST_BYTES or len(batch) >= _MOST_ROWS:
            _insert(model, batch, using)
            batch, size = [], 0
    _insert(model, batch, using)


def _insert(model, rows, using):
    columns = columns_of(model)
    most = connections[using].ops.bulk_batch_size(columns, rows) if rows else 1
    for start in range(0, len(rows), most):
        # Raw, as `loaddata` does: `auto_now` would write today.
        model._base_manager.using(using)._insert(
            rows[start : start + most], fields=columns, using=using, raw=True
        )


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
