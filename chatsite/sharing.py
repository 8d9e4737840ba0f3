"""What the processes of a site share: messages between them, and what they remember."""

# Events of a group that nobody has taken yet.
CAPACITY = 1000
# A PostgreSQL that vanishes without a word, as with its machine, would hold up every
# thread that waits for it until TCP gives up, after a quarter of an hour. In seconds,
# and the last in milliseconds.
SIGNS_OF_LIFE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}
# Left to itself it would let everybody wait for half a minute while PostgreSQL is away,
# and try again ever more seldom: after a minute without, a site would miss another. Nor
# is it less than some hundreds wait who open a page in the same second.
POOL = {"min_size": 2, "max_size": 20, "timeout": 10, "reconnect_timeout": 3}
# In memory, some are forgotten when there are more, and with them what was counted.
MOST_ENTRIES = 100_000


def channel_layers(redis_url, prefix):
    """Return CHANNEL_LAYERS: by Redis, or within one process."""
    if not redis_url:
        layer = "conversations.layers.local.LocalChannelLayer"
        return {"default": {"BACKEND": layer, "CONFIG": {"capacity": CAPACITY}}}
    layer = "conversations.layers.redis.RedisChannelLayer"
    config = {"url": redis_url, "prefix": prefix, "capacity": CAPACITY}
    return {"default": {"BACKEND": layer, "CONFIG": config}}


def caches(redis_url, prefix):
    """Return CACHES: in Redis, or in the memory of one process."""
    if not redis_url:
        memory = "django.core.cache.backends.locmem.LocMemCache"
        options = {"MAX_ENTRIES": MOST_ENTRIES}
        return {"default": {"BACKEND": memory, "OPTIONS": options}}
    cache = "conversations.caches.SiteCache"
    return {"default": {"BACKEND": cache, "LOCATION": redis_url, "KEY_PREFIX": prefix}}


def pooled(database):
    """Return how threads use a PostgreSQL database; its own OPTIONS stay."""
    return {
        # A thread that waits for its next request would keep one: they share a pool.
        "CONN_MAX_AGE": 0,
        # After a restart of it each dead connection would fail somebody's query.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": POOL,
            **SIGNS_OF_LIFE,
            **database.get("OPTIONS", {}),
        },
    }
