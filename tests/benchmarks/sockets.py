"""A WebSocket client that costs next to nothing, so that thousands fit in a process."""

import asyncio
import base64
import json
import os
import resource
import struct

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
SPARE_FILES = 200


def allow_open_files(count):
    """Let this process hold `count` sockets; OSError says that it may not."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (resource.RLIM_INFINITY, -1) and hard < count + SPARE_FILES:
        needed = f"{count:,} sockets need {count + SPARE_FILES:,} open files"
        raise OSError(f"{needed}, and this process may have {hard:,} (ulimit -Hn)")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + SPARE_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count + SPARE_FILES, hard))


class Socket(asyncio.Protocol):
    """One socket: `received(frame)` for each JSON frame, `lost(reason)` at its end."""

    @classmethod
    async def open(cls, port, path, *, cookie="", **options):
        """Return a Socket that has been accepted; ConnectionError if it is not."""
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(
            lambda: cls(**options), "127.0.0.1", port
        )
        socket.is_open = loop.create_future()
        socket._shake_hands(port, path, cookie)
        await socket.is_open
        return socket

    def __init__(self):
        self._buffer = bytearray()
        self._has_head = False

    def received(self, frame):
        """Take a frame, decoded from JSON."""

    def took(self, payload):
        """Take a frame as it came; who needs little of it need not decode it all."""
        self.received(json.loads(payload))

    def ponged(self, payload):
        """Take the answer to a `ping`."""

    def lost(self, reason):
        """Hear that no more frames come."""

    def send(self, frame):
        self._write(TEXT, json.dumps(frame).encode())

    def ping(self, payload=b""):
        self._write(PING, payload)

    def close(self):
        self.transport.close()

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        if not self.is_open.done():
            self.is_open.set_exception(ConnectionError("hung up on"))
        self.lost(f"connection lost: {error}")

    def _shake_hands(self, port, path, cookie):
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n\r\n".encode()
        )

    def data_received(self, data):
        if self._buffer or not self._has_head:
            self._buffer += data
            if not self._has_head and not self._take_head():
                return
            data = self._buffer
        at = 0
        while size := self._take_frame(data, at):
            at += size
        if data is self._buffer:
            del self._buffer[:at]
        elif at < len(data):
            self._buffer += data[at:]

    def _take_head(self):
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return False
        self._has_head, self._buffer = True, rest
        if b" 101 " in head.partition(b"\r\n")[0]:
            self.is_open.set_result(None)
        else:
            self.is_open.set_exception(ConnectionError(head.decode("latin-1")))
        return True

    def _take_frame(self, data, at):
        """Take the frame that begins `at`; return its size, 0 when it is not all here.

        A server's frames are unmasked and whole.
        """
        there = len(data) - at
        if there < 2:
            return 0
        size, head = data[at + 1], 2
        if size == 126 and there >= 4:
            size, head = struct.unpack_from("!H", data, at + 2)[0], 4
        elif size == 127 and there >= 10:
            size, head = struct.unpack_from("!Q", data, at + 2)[0], 10
        elif size > 125:
            return 0
        if there < head + size:
            return 0
        self._take(data[at] & 0x0F, bytes(data[at + head : at + head + size]))
        return head + size

    def _take(self, kind, payload):
        if kind == TEXT:
            self.took(payload)
        elif kind == PING:
            self._write(PONG, payload)
        elif kind == PONG:
            self.ponged(payload)
        elif kind == CLOSE:
            self.lost(f"closed: {int.from_bytes(payload[:2])}")
            self.transport.close()

    def _write(self, kind, payload):
        # A mask of zeros masks nothing and costs nothing.
        size = len(payload)
        if size < 126:
            head = struct.pack("!BBI", 0x80 | kind, 0x80 | size, 0)
        else:
            head = struct.pack("!BBHI", 0x80 | kind, 0x80 | 126, size, 0)
        self.transport.write(head + payload)
