"""Sockets that need no page: they say what they are told and keep what they hear."""

import asyncio
import struct

from tests.benchmarks.sockets import Socket
from tests.patience import PATIENCE_SECONDS


class Tap(Socket):
    """A socket whose frames wait in `frames`; None is the last, when it has ended."""

    def __init__(self):
        super().__init__()
        self.frames = asyncio.Queue()
        self.code = None  # of the close frame, once there was one
        self.ended = asyncio.get_running_loop().create_future()

    @classmethod
    async def enter(cls, site, session, path):
        """Open a socket of whoever is signed in as `session`."""
        return await cls.open(site.port, path, cookie=f"sessionid={session}")

    def received(self, frame):
        self.frames.put_nowait(frame)

    def lost(self, reason):
        if self.ended.done():
            return
        if reason.startswith("closed: "):
            self.code = int(reason.removeprefix("closed: "))
        self.ended.set_result(reason)
        self.frames.put_nowait(None)

    async def next(self):
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.frames.get()

    async def until(self, kind):
        """Take frames until one of type `kind`, or the end; return that."""
        while (frame := await self.next()) is not None and frame["type"] != kind:
            pass
        return frame

    def write(self, data):
        """Put `data` on the wire as it is."""
        self.transport.write(data)

    def say(self, text):
        """Send one frame of text, or of bytes."""
        kind, payload = (1, text.encode()) if isinstance(text, str) else (2, text)
        self.write(masked(0x80 | kind, payload))

    def _write(self, kind, payload):
        self.write(masked(0x80 | kind, payload))


def masked(first, data):
    """One frame of the WebSocket protocol, masked with zeros, which change nothing."""
    size = len(data)
    if size < 126:
        return struct.pack("!BBI", first, 0x80 | size, 0) + data
    if size < 65_536:
        return struct.pack("!BBHI", first, 0x80 | 126, size, 0) + data
    return struct.pack("!BBQI", first, 0x80 | 127, size, 0) + data
