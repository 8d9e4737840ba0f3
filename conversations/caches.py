"""The cache of a site that is several processes."""

import functools
import re

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from conversations.breaker import FAILURES, PATIENCE, breaker_for

# What each process remembers while Redis is away: mostly who tried to sign in.
MOST_OWN_ENTRIES = 10_000


class SiteCache(RedisCache):
    """Django's cache in Redis; while that is away, in the memory of each process.

    No method raises for Redis or waits for it longer than a second, and while it is
    away none waits at all. Each then does what it does on an empty cache: `get` misses,
    `add` succeeds where nobody of this process was first, `incr` raises ValueError for
    what nobody here has set. What is set lasts until Redis is back, so that limits hold
    at least within a process. What Redis had it has again afterwards, unless it was
    restarted, as of before.
    """

    def __init__(self, server, params):
        params["OPTIONS"] = {**PATIENCE, **params.get("OPTIONS", {})}
        super().__init__(server, params)
        self._breaker = breaker_for(self._servers[0])
        self._own = _own_memory(self._servers[0], self.key_prefix)

    @property
    def _cache(self):
        # Django makes a cache for each thread and each request. Connections are dear.
        return _client(self._class, tuple(self._servers), tuple(self._options.items()))

    def _in_redis(self, method, *args, **kwargs):
        """Return the answer of Redis, or that of this process while it is away."""
        if not self._breaker.is_open:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except FAILURES as error:
                self._breaker.trip(error)
        return getattr(self._own, method)(*args, **kwargs)

    def add(self, *args, **kwargs):
        return self._in_redis("add", *args, **kwargs)

    def get(self, *args, **kwargs):
        return self._in_redis("get", *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._in_redis("set", *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._in_redis("touch", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._in_redis("delete", *args, **kwargs)

    def get_many(self, *args, **kwargs):
        return self._in_redis("get_many", *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._in_redis("has_key", *args, **kwargs)

    def incr(self, *args, **kwargs):
        return self._in_redis("incr", *args, **kwargs)

    def set_many(self, *args, **kwargs):
        return self._in_redis("set_many", *args, **kwargs)

    def delete_many(self, *args, **kwargs):
        return self._in_redis("delete_many", *args, **kwargs)

    def clear(self):
        """Forget what this site has set, and nothing else in that Redis."""
        self._own.clear()
        if not self._breaker.is_open:
            try:
                self._clear()
            except FAILURES as error:
                self._breaker.trip(error)

    def _clear(self):
        client = self._cache.get_client(write=True)
        ours = re.sub(r"([*?\[\]\\])", r"\\\1", self.key_prefix) + ":*"
        for key in client.scan_iter(match=ours, count=1000):
            client.delete(key)


@functools.cache
def _client(kind, servers, options):
    return kind(list(servers), **dict(options))


@functools.cache
def _own_memory(server, key_prefix):
    options = {"MAX_ENTRIES": MOST_OWN_ENTRIES}
    memory = LocMemCache(
        f"{server} {key_prefix}", {"KEY_PREFIX": key_prefix, "OPTIONS": options}
    )
    # What was remembered in one absence would be out of date in the next.
    breaker_for(server).on_trip(memory.clear)
    return memory
