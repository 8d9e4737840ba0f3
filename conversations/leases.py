"""Which of several processes does what needs doing only once."""

from django.core.cache import cache


def holds(name, holder, seconds):
    """Whether `holder` is the one to do `name` now; ask before each time.

    Whoever asks first holds it, for `seconds` (at least 1) from its last question on.
    While Redis is away, or where there is none, each process holds it: only for work
    that may be done twice. Makes two calls to the cache.
    """
    key = f"lease.{name}"
    if cache.get(key) == holder and cache.touch(key, seconds):
        return True
    return cache.add(key, holder, seconds)
