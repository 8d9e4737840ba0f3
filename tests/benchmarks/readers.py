"""Those who read streams: people on sockets of the site, and a direct client."""

import asyncio
import json
import uuid

from .sockets import Socket

ACK_SECONDS = 0.2  # as in static/js/lib/frames.js
REPLY_SECONDS = 60  # who has no whole reply by then has none


class Reader(Socket):
    """One open page: asks, acknowledges, hears the reply end."""

    def __init__(self):
        super().__init__()
        self.head = None
        self._ended = None
        self._acknowledged_at = 0.0

    @classmethod
    async def enter(cls, site, session):
        """Open the socket of a new conversation."""
        path = f"/ws/conversations/{uuid.uuid4()}/"
        return await cls.open(site.port, path, cookie=f"sessionid={session}")

    async def ask(self, text, persona="assistant"):
        """Return the seconds from the question to the end of its whole reply.

        RuntimeError when it ends in any other way.
        """
        loop = asyncio.get_running_loop()
        self._ended, started = loop.create_future(), loop.time()
        frame = {"client_id": str(uuid.uuid4()), "text": text, "parent": self.head}
        if self.head is None:
            frame["persona"] = persona
        self.send({"type": "message.send", **frame})
        async with asyncio.timeout(REPLY_SECONDS):
            await self._ended
        return loop.time() - started

    def received(self, frame):
        kind = frame["type"]
        if kind in ("reply.progressed", "reply.snapshot"):
            self._acknowledge(frame)
        elif kind == "reply.ended" and frame["state"] == "finished":
            self.head = frame["message"]
            self._end(None)
        elif kind in ("reply.ended", "error"):
            self._end(RuntimeError(f"no whole reply: {frame}"))

    def _acknowledge(self, frame):
        """As the page does: now and then, not frame by frame."""
        now = asyncio.get_running_loop().time()
        if now - self._acknowledged_at >= ACK_SECONDS:
            self._acknowledged_at = now
            ack = {"message": frame["message"], "seq": frame["seq"]}
            self.send({"type": "ack", **ack})

    def lost(self, reason):
        self._end(RuntimeError(reason))

    def _end(self, error):
        if self._ended is None or self._ended.done():
            return
        if error is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(error)


class DirectReader(asyncio.Protocol):
    """Reads one stream straight from the provider, and does nothing with it."""

    body = json.dumps(
        {
            "model": "any",
            "stream": True,
            "messages": [{"role": "user", "content": "Hello"}],
        }
    ).encode()

    @classmethod
    async def ask(cls, port):
        """Return the seconds from the question to the last byte of the reply."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        transport, reader = await loop.create_connection(cls, "127.0.0.1", port)
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                await reader.ended
        finally:
            transport.close()
        return loop.time() - started

    def connection_made(self, transport):
        self.ended = asyncio.get_running_loop().create_future()
        self._last = b""
        transport.write(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nAuthorization: Bearer any\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(self.body), self.body)
        )

    def data_received(self, data):
        self._last = (self._last + data)[-64:]
        if b"data: [DONE]" in self._last and not self.ended.done():
            self.ended.set_result(None)

    def connection_lost(self, error):
        if not self.ended.done():
            self.ended.set_exception(ConnectionError(str(error)))
