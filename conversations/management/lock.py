"""One process at a time: for what must be done once, whoever comes first."""

import fcntl
import threading
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path

from django.db import Error

# The numbers of our locks, among all that a PostgreSQL database knows.
KEY = int.from_bytes(b"chatsite")
SERVING = KEY + 1
# So often a session that holds a lock is asked whether it is still there.
ASK_SECONDS = 2.0
PATIENCE_SECONDS = 5.0  # for one that begins, or ends


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
    with _session(connection) as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
        if not cursor.fetchone()[0]:
            waiting()
            cursor.execute("SELECT pg_advisory_lock(%s)", [KEY])
        yield


@contextmanager
def serving(connection):
    """Have others know for as long that the site is served; many may be in here.

    Yields an Event that is set each time they are told: by PostgreSQL anew after it was
    restarted.
    """
    told = threading.Event()
    if connection.vendor == "postgresql":
        with _telling(connection, told):
            yield told
    else:
        with open(_serving_file(connection), "w") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            told.set()
            yield told


@contextmanager
def _telling(connection, told):
    over = threading.Event()
    thread = threading.Thread(
        target=_tell, args=(connection, told, over), name="serving", daemon=True
    )
    thread.start()
    told.wait(PATIENCE_SECONDS)  # no longer: what is served waits for no database
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE_SECONDS)


def _tell(connection, told, over):
    """Hold the lock until it is `over`, in another session when one is lost."""
    while not over.is_set():
        with suppress(Error), _session(connection) as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [SERVING])
            told.set()
            while not over.wait(ASK_SECONDS):
                cursor.execute("SELECT 1")
        over.wait(ASK_SECONDS)


def is_served(connection):
    """Whether somebody is `serving`."""
    if connection.vendor == "postgresql":
        with _session(connection) as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [SERVING])
            return not cursor.fetchone()[0]
    try:
        with open(_serving_file(connection)) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _serving_file(connection):
    return f"{connection.settings_dict['NAME']}.serving"


@contextmanager
def _session(connection):
    """Yield a cursor of a session of its own, whatever is done to `connection`."""
    holder = connection.copy()
    holder.settings_dict["OPTIONS"].pop("pool", None)
    with closing(holder), holder.cursor() as cursor:
        yield cursor


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
