"""The channel layer of a site that is one process."""

import asyncio
import time
from contextlib import suppress

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer

CLEAN_SECONDS = 10


class LocalChannelLayer(InMemoryChannelLayer):
    """Channels' own in-memory layer, made for many sockets.

    That one looks through every channel and group for what has expired whenever a
    message is sent or awaited, and copies each message for each reader. Here it looks
    now and then, and readers share a message: none of ours changes one.
    """

    is_reachable = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clean_at = 0.0

    async def send(self, channel, message):
        self.require_valid_channel_name(channel)
        self.put(channel, message)

    async def group_send(self, group, message):
        self.require_valid_group_name(group)
        self.put_all(group, message)

    async def sent(self):
        """Wait until what was told is on its way."""

    def put(self, channel, message):
        """Deliver to one channel of this process, or raise ChannelFull."""
        queue = self.channels.get(channel)
        if queue is None:
            queue = asyncio.Queue(maxsize=self.get_capacity(channel))
            self.channels[channel] = queue
        try:
            queue.put_nowait((time.time() + self.expiry, message))
        except asyncio.QueueFull:
            raise ChannelFull(channel) from None

    def put_all(self, group, message):
        """Deliver to those in `group` in this process; a full channel misses it."""
        self._clean_expired()
        for channel in list(self.groups.get(group, ())):
            with suppress(ChannelFull):
                self.put(channel, message)

    def _clean_expired(self):
        now = time.monotonic()
        if now >= self._clean_at:
            self._clean_at = now + CLEAN_SECONDS
            for channel, queue in list(self.channels.items()):
                _drop_expired(queue)
                if queue.empty() and not queue._getters:
                    del self.channels[channel]  # nobody listens: it may be gone


def _drop_expired(queue):
    """Drop what nobody took in time. Who joined a group stays in it until it leaves."""
    while not queue.empty() and queue._queue[0][0] < time.time():
        queue.get_nowait()
