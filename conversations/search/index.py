"""The index as a whole: made, filled, compared with the texts, made anew."""

from dataclasses import dataclass

from django.db import connection, connections, transaction

from .engines import engine_of
from .texts import ENTRY, PARTICIPANT, message_texts, title_texts

BATCH = 1000
_TEXTS = {
    "conversations_conversation": ("c", title_texts),
    "conversations_message": ("m", message_texts),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """How many texts are missing in the index, have changed, or are not in both parts.

    A stale entry is of a text that is gone or was another; a lost one stands in one
    part of the index and not in the other.
    """

    missing: int
    stale: int
    lost: int

    def __bool__(self):
        return bool(self.missing or self.stale or self.lost)


def connected(sender, connection, **_options):
    """Prepare every new connection: see AppConfig.ready."""
    engine_of(connection).prepare(connection)


def before_migrating(sender, using, plan=(), **_options):
    """Tables are about to change: nothing of ours may hang on them."""
    if plan:
        engine_of(connections[using]).release(connections[using])


def after_migrating(sender, using, plan=(), **_options):
    """Have the index follow the texts again, and as they were changed meanwhile."""
    made = connections[using]
    if plan and {ENTRY, PARTICIPANT} <= set(made.introspection.table_names()):
        engine_of(made).attach(made)
        _forget_stale(made)
        for _done, _total in fill(made):
            pass


def purge(connection=connection, *, begins=False):
    """Take some of what was removed out of the index; whether there is more.

    It `begins` once, and goes on until there is not.
    """
    return engine_of(connection).purge(connection, begins=begins)


def fill(connection=connection):
    """Enter every text that is not entered; yield `(done, total)`, rows looked at.

    In batches, a transaction each, so that others can write between them.
    """
    engine, done = engine_of(connection), 0
    total = sum(_value(connection, f"SELECT count(*) FROM {name}") for name in _TEXTS)
    for table, (row, texts) in _TEXTS.items():
        statement = engine.entering(engine.select(texts, f"{row}.id BETWEEN %s AND %s"))
        for keys in _keys(connection, table):
            with connection.cursor() as cursor:
                cursor.execute(statement, [keys[0], keys[-1]])
            done += len(keys)
            yield done, max(done, total)


def rebuild(connection=connection):
    """Make the index anew; yield `(done, total)`.

    What is written meanwhile is entered as always; the rest is found again batch by
    batch.
    """
    _empty(connection)
    yield from fill(connection)


def check(connection=connection):
    """Compare the index with every text, and its parts with each other."""
    engine = engine_of(connection)
    to_enter = (engine.select(texts, "true") for _row, texts in _TEXTS.values())
    return Difference(
        missing=sum(_count(connection, texts) for texts in to_enter),
        stale=_count(connection, engine.stale_entries("true")),
        lost=_value(connection, engine.LOST),
    )


def _empty(connection):
    engine = engine_of(connection)
    with transaction.atomic(using=connection.alias):
        engine.release(connection)
        engine.clear(connection)
        engine.attach(connection)


def _forget_stale(connection):
    """Take out what is of a text that is gone or another: in batches, or else all."""
    engine = engine_of(connection)
    if not engine.FORGETS_STALE:
        if _count(connection, engine.stale_entries("true")):
            _empty(connection)
        return
    stale = engine.stale_entries("e.id BETWEEN %s AND %s")
    for keys in _keys(connection, ENTRY):
        with connection.cursor() as cursor:
            values = [keys[0], keys[-1]]
            cursor.execute(f"DELETE FROM {ENTRY} WHERE id IN ({stale})", values)


def _keys(connection, table):
    """Yield the keys of a table in order, a batch at a time."""
    condition, values = "", []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {table} {condition} ORDER BY id LIMIT {BATCH}", values
            )
            keys = [key for (key,) in cursor.fetchall()]
        if not keys:
            return
        yield keys
        condition, values = "WHERE id > %s", [keys[-1]]


def _count(connection, rows):
    return _value(connection, f"SELECT count(*) FROM ({rows}) counted")


def _value(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
