"""The threads in which sockets and replies use the database, apart from the pages.

What asgiref runs for coroutines shares one thread, where a slow query would hold up
the replies. What goes into a lane waits only for what is in the same lane.
"""

import asyncio
import contextvars
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

# The database is locked or not there: it will come back.
AWAY = (InterfaceError, OperationalError)
# A connection that was idle for so long may be dead: the database was restarted.
IDLE_SECONDS = 5

_thread = threading.local()


class Lane:
    """Threads that run what they are given, each with a connection that it keeps."""

    def __init__(self, name, threads=1):
        self._name, self._count = name, threads
        self._threads = None

    async def run(self, function, *args):
        """Call `function` in a thread of the lane, in the context of the caller."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(
                self._count, thread_name_prefix=self._name
            )
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, contextvars.copy_context().run, _call, function, args
        )

    async def close(self):
        """Close the connections and end the threads, once all is done."""
        threads, self._threads = self._threads, None
        if threads is not None:
            # Each waits for the others, so that no thread gets two of these.
            meeting = threading.Barrier(self._count)
            closing = [threads.submit(_leave, meeting) for _ in range(self._count)]
            threads.shutdown(wait=False)
            await asyncio.gather(*map(asyncio.wrap_future, closing))


def _call(function, args):
    _mend_connection()
    try:
        return function(*args)
    except AWAY:
        connection.close()
        raise
    finally:
        _thread.used_at = time.monotonic()


def _mend_connection():
    """See whether it is alive after a rest, or where somebody answered an error."""
    idle_seconds = time.monotonic() - getattr(_thread, "used_at", 0.0)
    may_be_dead = idle_seconds > IDLE_SECONDS or connection.errors_occurred
    if may_be_dead and connection.connection is not None:
        connection.close_if_unusable_or_obsolete()


def _leave(meeting):
    connection.close()
    meeting.wait()


# What a frame from a browser asks for; what an event has a socket show.
sockets = Lane("sockets", settings.DATABASE_THREADS)
# How replies begin, when not at once, and end.
settling = Lane("settling", settings.DATABASE_THREADS)
# What grows is saved every second, whatever else there is to do.
saving = Lane("saving")
ALL = (sockets, settling, saving)
