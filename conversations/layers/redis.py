"""The channel layer of a site that is several processes."""

import asyncio
import logging
import secrets
from contextlib import suppress

import msgpack
from channels.exceptions import ChannelFull

from conversations import events
from conversations.breaker import breaker_for

from .bus import Bus
from .local import LocalChannelLayer

logger = logging.getLogger(__name__)


class RedisChannelLayer:
    """A layer for each event loop, and Redis between them.

    What is told reaches this loop's own channels at once, whatever Redis does, and
    other processes over Redis. While Redis is away only the latter is lost; groups
    joined meanwhile are remembered. Afterwards each channel in the group
    `events.GAPS`, of every process, gets an `events.missed`. No call waits for Redis
    longer than a second.

    url: of the Redis. prefix: of every name there. The rest is as for the local layer.
    """

    extensions = ["groups", "flush"]

    def __init__(self, url, prefix, **options):
        self._url, self._prefix, self._options = url, prefix, options
        self._layers = {}

    @property
    def is_reachable(self):
        return not breaker_for(self._url).is_open

    @property
    def _here(self):
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            for other in [loop for loop in self._layers if loop.is_closed()]:
                del self._layers[other]
            self._layers[loop] = LoopLayer(self._url, self._prefix, **self._options)
        return self._layers[loop]

    async def new_channel(self, prefix="specific."):
        return await self._here.new_channel(prefix)

    async def send(self, channel, message):
        await self._here.send(channel, message)

    async def receive(self, channel):
        return await self._here.receive(channel)

    async def group_add(self, group, channel):
        await self._here.group_add(group, channel)

    async def group_discard(self, group, channel):
        await self._here.group_discard(group, channel)

    async def group_send(self, group, message):
        await self._here.group_send(group, message)

    async def sent(self):
        """Wait until what was told is on its way, or a second."""
        await self._here.sent()

    async def flush(self):
        """Forget every channel and group of this loop."""
        await self.close()

    async def close(self):
        """End the connections of this loop. A call after this one makes new ones."""
        if layer := self._layers.pop(asyncio.get_running_loop(), None):
            await layer.close()


class LoopLayer(LocalChannelLayer):
    """The channels of one event loop, named so that other processes reach them."""

    def __init__(self, url, prefix, **options):
        super().__init__(**options)
        self._prefix = prefix
        self._name = secrets.token_hex(8)
        self._mark = self._name.encode()  # before what we say, to know our own echo
        self._mailbox = f"{prefix}.process.{self._name}"
        self._bus = Bus(url, self._hear, self._missed)

    async def new_channel(self, prefix="specific."):
        await self._bus.subscribe(self._mailbox)
        return f"{prefix}{self._name}!{secrets.token_hex(6)}"

    async def send(self, channel, message):
        self.require_valid_channel_name(channel)
        process = channel.partition("!")[0].rpartition(".")[2]
        if process == self._name:
            self.put(channel, message)
        else:
            data = self._mark + msgpack.packb((channel, message))
            self._bus.publish(f"{self._prefix}.process.{process}", data)

    async def group_add(self, group, channel):
        await super().group_add(group, channel)
        await self._bus.subscribe(self._topic(group))

    async def group_discard(self, group, channel):
        await super().group_discard(group, channel)
        if not self.groups.get(group):
            self.groups.pop(group, None)
            self._bus.unsubscribe(self._topic(group))

    async def group_send(self, group, message):
        self.require_valid_group_name(group)
        self.put_all(group, message)
        self._bus.publish(self._topic(group), self._mark + msgpack.packb(message))

    async def sent(self):
        await self._bus.sent()

    async def close(self):
        await self._bus.close()

    def _topic(self, group):
        return f"{self._prefix}.group.{group}"

    def _hear(self, topic, data):
        if data.startswith(self._mark):
            return
        try:
            self._deliver(topic, data[len(self._mark) :])
        except Exception:
            logger.exception("Something else speaks on the topic %s", topic)

    def _deliver(self, topic, data):
        message = msgpack.unpackb(data, strict_map_key=False)
        if topic == self._mailbox:
            with suppress(ChannelFull):
                self.put(*message)
        else:
            self.put_all(topic.removeprefix(self._topic("")), message)

    def _missed(self):
        """Say so to the others, too: what was told here meanwhile reached nobody."""
        missed = {"type": events.EVENTS_MISSED}
        self.put_all(events.GAPS, missed)
        self._bus.publish(self._topic(events.GAPS), self._mark + msgpack.packb(missed))
