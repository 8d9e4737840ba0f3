"""Whether Redis answers: found out once, and known to the whole process.

A circuit breaker. What fails opens it, and from then on nobody tries, so nobody waits.
A thread of its own tries until Redis takes a write again, and closes it.
"""

import functools
import logging
import threading
import time

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# How long an answer may take, and how long after a failed try the next one is.
TIMEOUT_SECONDS = 1.0
PAUSE_SECONDS = 0.5

# For every connection to Redis: the library would wait for 5 s, ten times over.
PATIENCE = {
    "socket_connect_timeout": TIMEOUT_SECONDS,
    "socket_timeout": TIMEOUT_SECONDS,
    "retry": Retry(NoBackoff(), 0),
}
FAILURES = (RedisError, OSError, TimeoutError)
# A server that answers but takes no writes, as a replica, is away for us.
PROBE = "chatsite.probe"


class Breaker:
    """Open while its Redis is away. Any thread may ask and tell."""

    def __init__(self, url):
        self._url = url
        self._lock = threading.Lock()
        self._trips = []
        self.is_open = False

    def on_trip(self, forget):
        """Have `forget()` called whenever Redis goes away, in whatever thread."""
        self._trips.append(forget)

    def trip(self, error):
        """Say that Redis failed. It is logged once until Redis is back."""
        with self._lock:
            if self.is_open:
                return
            self.is_open = True
            logger.warning(
                "Redis is away (%s). Replies go on from the database, a little behind.",
                str(error) or type(error).__name__,
            )
        for forget in self._trips:
            forget()
        threading.Thread(target=self._wait, name="redis-probe", daemon=True).start()

    def _wait(self):
        since, pause = time.monotonic(), threading.Event()
        while not self._answers():
            pause.wait(PAUSE_SECONDS)
        with self._lock:
            self.is_open = False
            logger.warning("Redis is back after %.1f s.", time.monotonic() - since)

    def _answers(self):
        try:
            with Redis.from_url(self._url, **PATIENCE) as redis:
                return redis.set(PROBE, 1, ex=10)
        except FAILURES:
            return False


@functools.cache
def breaker_for(url):
    """Return the one Breaker that this process has for the Redis at `url`."""
    return Breaker(url)
