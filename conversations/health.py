"""Whether this process can do its work: database, Redis, disk, event loop.

Each part is a word, "ok" or what is wrong with it. Nobody waits for long: a database
that hangs is "away".
"""

import logging
import threading
import time
from concurrent.futures import Future

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from conversations import events, metrics
from conversations.doctor.disk import FREE_BYTES, free_bytes
from conversations.doctor.migrations import pending

logger = logging.getLogger(__name__)

OK = "ok"
AWAY = "away"  # refuses, or does not answer
UNMIGRATED = "unmigrated"
LOW = "low"
LATE = "late"
UNUSED = "unused"

ANSWER_SECONDS = 2.0
LAG_SECONDS = 1.0
# An older report says nothing: the loop is measured only while there is work.
REPORT_SECONDS = 10.0


class Check:
    """Runs `ask` in a thread of its own, so that nobody has to wait for its end.

    Never twice at once: where one hangs, the next who asks waits for the same.
    """

    def __init__(self, ask):
        self.name = ask.__name__
        self._ask = ask
        self._lock = threading.Lock()
        self._running = None
        self._last = OK

    def start(self):
        """Return a Future of the word."""
        with self._lock:
            if self._running is None:
                self._running = Future()
                threading.Thread(target=self._run, daemon=True).start()
            return self._running

    def _run(self):
        try:
            word, reason = self._ask(), ""
        except Exception as error:
            word, reason = AWAY, f": {error}"
        if word != self._last:
            logger.warning("%s is %s%s", self.name, word, reason)
        self._last = word
        with self._lock:
            running, self._running = self._running, None
        running.set_result(word)


def database():
    try:
        if not _is_migrated():
            return UNMIGRATED
        MigrationRecorder(connection).migration_qs.exists()
        return OK
    finally:
        connection.close()


_has_been_migrated = False


def _is_migrated():
    """Look until it is: what was applied once is not taken back under a server."""
    global _has_been_migrated
    if not _has_been_migrated:
        _has_been_migrated = not pending()
    return _has_been_migrated


def disk():
    return OK if free_bytes() >= FREE_BYTES else LOW


def redis():
    """What the channel layer knows: it asks Redis for a sign of life all the time."""
    if not settings.REDIS_URL:
        return UNUSED
    return OK if events.is_reachable() else AWAY


def lag():
    last = metrics.lag_seconds()
    if last is None or last.age_seconds > REPORT_SECONDS:
        return OK
    return OK if last.seconds < LAG_SECONDS else LATE


_checks = [Check(database), Check(disk)]


def examine():
    """Return the word for each part by its name, within ANSWER_SECONDS."""
    running = {check.name: check.start() for check in _checks}
    deadline = time.monotonic() + ANSWER_SECONDS
    words = {name: _result(future, deadline) for name, future in running.items()}
    return words | {"redis": redis(), "lag": lag()}


def _result(future, deadline):
    try:
        return future.result(max(0, deadline - time.monotonic()))
    except TimeoutError:
        return AWAY


def is_ready(parts):
    """Whether new visitors should come here.

    Without Redis they should: replies go on from the database, a little behind.
    """
    return all(word == OK for name, word in parts.items() if name != "redis")


def is_whole(parts):
    return all(word in (OK, UNUSED) for word in parts.values())
