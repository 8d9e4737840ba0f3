"""One process at a time: for what must be done once, whoever comes first."""

import fcntl
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

# The number of our lock, among all that a PostgreSQL database knows.
KEY = int.from_bytes(b"chatsite")


def alone(connection, *, waiting=lambda: None):
    """Return a context that one process at a time can be in, for one database.

    `waiting` is called once if there is another to wait for. A process that dies lets
    the next one in. A database in memory has nobody to be alone from.
    """
    if connection.vendor == "postgresql":
        return _advisory_lock(connection, waiting)
    if connection.is_in_memory_db():
        return nullcontext()
    return _file_lock(f"{connection.settings_dict['NAME']}.lock", waiting)


@contextmanager
def _advisory_lock(connection, waiting):
    # In a session of its own: whatever is done to `connection`, the lock is held.
    holder = connection.copy()
    holder.settings_dict["OPTIONS"].pop("pool", None)
    with closing(holder), holder.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
        if not cursor.fetchone()[0]:
            waiting()
            cursor.execute("SELECT pg_advisory_lock(%s)", [KEY])
        yield


@contextmanager
def _file_lock(path, waiting):
    Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
