"""Those who read streams: people on sockets of the site, and a direct client."""

import asyncio
import json
import re
import uuid

from .sockets import Socket

ACK_SECONDS = 0.2  # as in static/js/lib/acknowledgements.js
ENTERING = 50  # sockets that are opened side by side
REPLY_SECONDS = 60  # who has no whole reply by then has none
# The frames of a growing reply, of which nothing else is looked at: hundreds of people
# read in this one process, and a browser each would take in its own.
GROWING = (b'{"type":"reply.progressed"', b'{"type":"reply.snapshot"')
SEEN = re.compile(rb'"message":(\d+),"seq":(\d+)')


class Reader(Socket):
    """One open page: asks, acknowledges, hears the reply end.

    `first_seconds` is how long after the last question its first text came.
    """

    def __init__(self):
        super().__init__()
        self.head = None
        self.first_seconds = None
        self._ended = None
        self._asked_at = 0.0
        self._grown = b""
        self._acknowledging = None

    @classmethod
    async def enter(cls, site, session, conversation=None):
        """Open the socket of a conversation, a new one unless it is named."""
        path = f"/ws/conversations/{conversation or uuid.uuid4()}/"
        return await cls.open(site.port, path, cookie=f"sessionid={session}")

    @classmethod
    async def enter_all(cls, site, pages):
        """Open a socket for each `(session, conversation)`, a few at a time."""
        gate = asyncio.Semaphore(ENTERING)

        async def enter(page):
            async with gate:
                return await cls.enter(site, *page)

        return await asyncio.gather(*map(enter, pages))

    async def ask(self, text, persona="assistant"):
        """Return the seconds from the question to the end of its whole reply.

        RuntimeError when it ends in any other way.
        """
        loop = asyncio.get_running_loop()
        self._ended, self._asked_at = loop.create_future(), loop.time()
        self.first_seconds = None
        frame = {"client_id": str(uuid.uuid4()), "text": text, "parent": self.head}
        if self.head is None:
            frame["persona"] = persona
        self.send({"type": "message.send", **frame})
        async with asyncio.timeout(REPLY_SECONDS):
            await self._ended
        return loop.time() - self._asked_at

    def took(self, payload):
        if payload.startswith(GROWING):
            self.grew(payload)
        else:
            super().took(payload)

    def grew(self, payload):
        """Take a frame with more text; acknowledge as the page does, now and then."""
        self._grown = payload
        loop = asyncio.get_running_loop()
        if self.first_seconds is None:
            self.first_seconds = loop.time() - self._asked_at
        if self._acknowledging is None:
            self._acknowledging = loop.call_later(ACK_SECONDS, self._acknowledge)

    def received(self, frame):
        kind = frame["type"]
        if kind == "reply.ended" and frame["state"] == "finished":
            self.head = frame["message"]
            self._end(None)
        elif kind in ("reply.ended", "error"):
            self._end(RuntimeError(f"no whole reply: {frame}"))

    def _acknowledge(self):
        self._acknowledging = None
        message, seq = map(int, SEEN.search(self._grown).groups())
        self.send({"type": "ack", "message": message, "seq": seq})

    def lost(self, reason):
        if self._acknowledging is not None:
            self._acknowledging.cancel()
        self._end(RuntimeError(reason))

    def _end(self, error):
        if self._ended is None or self._ended.done():
            return
        if error is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(error)


class DirectReader(asyncio.BufferedProtocol):
    """Reads one stream straight from the provider, and does nothing with it."""

    body = json.dumps(
        {
            "model": "any",
            "stream": True,
            "messages": [{"role": "user", "content": "Hello"}],
        }
    ).encode()
    END = b"data: [DONE]"
    # Nobody reads while another does, and nobody keeps what was read.
    _shared = memoryview(bytearray(262_144))

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

    def get_buffer(self, sizehint):
        return self._shared

    def buffer_updated(self, size):
        last = self._last + self._shared[max(0, size - 64) : size]
        if self.END in last and not self.ended.done():
            self.ended.set_result(None)
        self._last = last[-64:]

    def connection_lost(self, error):
        if not self.ended.done():
            self.ended.set_exception(ConnectionError(str(error)))
