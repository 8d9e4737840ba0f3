"""What the processes of a site share: messages between them, and what they remember."""

# Events of a group that nobody has taken yet.
CAPACITY = 1000
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
