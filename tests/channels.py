"""A process at the channel layer, as far as its neighbours can tell."""

import asyncio

from conversations import events
from conversations.layers.redis import RedisChannelLayer
from tests.patience import PATIENCE_SECONDS


class Process:
    """A layer of its own, and one channel that hears."""

    def __init__(self, redis, *, port=None, **options):
        url = redis.url.replace(f":{redis.port}/", f":{port or redis.port}/")
        self.layer = RedisChannelLayer(url, "chatsite.test", **options)

    async def join(self, *groups):
        self.channel = await self.layer.new_channel()
        await self.also_join(*groups)

    async def also_join(self, *groups):
        for group in groups:
            await self.layer.group_add(group, self.channel)

    async def tell(self, group, word):
        await self.layer.group_send(group, {"type": "word", "word": word})

    async def hear(self):
        """Wait for the next word."""
        message = await asyncio.wait_for(
            self.layer.receive(self.channel), PATIENCE_SECONDS
        )
        return message.get("word", message["type"])

    async def hear_of(self):
        """Wait for the next word, whoever has missed what before."""
        while (word := await self.hear()) == events.EVENTS_MISSED:
            pass
        return word
