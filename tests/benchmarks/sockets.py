"""A WebSocket client that costs next to nothing, so that hundreds fit in a process."""

import asyncio
import base64
import json
import os
import struct

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


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

    def lost(self, reason):
        """Hear that no more frames come."""

    def send(self, frame):
        self._write(TEXT, json.dumps(frame).encode())

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
        self._buffer += data
        if not self._has_head and not self._take_head():
            return
        while self._take_frame():
            pass

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

    def _take_frame(self):
        """Take one frame off the buffer; a server's frames are unmasked and whole."""
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        size, at = buffer[1], 2
        if size == 126 and len(buffer) >= 4:
            size, at = struct.unpack_from("!H", buffer, 2)[0], 4
        elif size == 127 and len(buffer) >= 10:
            size, at = struct.unpack_from("!Q", buffer, 2)[0], 10
        elif size > 125:
            return False
        if len(buffer) < at + size:
            return False
        kind, payload = buffer[0] & 0x0F, bytes(buffer[at : at + size])
        del buffer[: at + size]
        self._take(kind, payload)
        return True

    def _take(self, kind, payload):
        if kind == TEXT:
            self.received(json.loads(payload))
        elif kind == PING:
            self._write(PONG, payload)
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
