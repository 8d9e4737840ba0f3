"""What the scripted provider puts on the wire: HTTP/1.1 and the API's JSON."""

import asyncio
import contextlib
import dataclasses
import json
import socket
import struct
import threading

from tests.patience import PATIENCE_SECONDS

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # linger for zero seconds


@dataclasses.dataclass
class Received:
    """One request as it arrived, and whether its client left before the end."""

    method: str
    path: str
    headers: dict
    body: dict | None
    left: threading.Event = dataclasses.field(default_factory=threading.Event)

    def wait_left(self):
        assert self.left.wait(PATIENCE_SECONDS), "the client is still there"

    async def client_left(self):
        await asyncio.to_thread(self.wait_left)


class Connection(asyncio.Protocol):
    """HTTP of one client: a request at a time, the connection kept between them."""

    def __init__(self, provider):
        self.provider, self.buffer, self.task = provider, bytearray(), None
        self.writable = asyncio.Event()
        self.writable.set()

    def connection_made(self, transport):
        self.transport = transport
        self.socket = transport.get_extra_info("socket")
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.provider.connected(self)

    def connection_lost(self, exc):
        self.provider.disconnected(self)
        self.writable.set()
        if self.task is not None:
            self.request.left.set()
            self.task.cancel()

    def pause_writing(self):
        self.writable.clear()

    def resume_writing(self):
        self.writable.set()

    def data_received(self, data):
        self.buffer += data
        head, blank, rest = self.buffer.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        pairs = (field.split(":", 1) for field in fields if blank)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        size = int(headers.get("content-length", 0))
        if not blank or len(rest) < size:
            return
        self.buffer = rest[size:]
        method, path, _ = line.split(" ", 2)
        body = json.loads(rest[:size]) if size else None
        self.request = Received(method, path, headers, body)
        self.task = asyncio.ensure_future(self.provider.answer(self, self.request))
        self.task.add_done_callback(self._answered)

    def _answered(self, task):
        self.task = None
        with contextlib.suppress(asyncio.CancelledError):
            task.result()

    def send_head(self, status, content_type, headers):
        extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.transport.write(
            f"HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\n"
            f"{extra}Transfer-Encoding: chunked\r\n\r\n".encode()
        )

    def send_now(self, data):
        self.transport.write(b"%x\r\n%b\r\n" % (len(data), data))

    async def send(self, data):
        if data:
            self.send_now(data)
        # Each piece leaves by itself; a client that does not read stops us here.
        await asyncio.sleep(0)
        await self.writable.wait()

    def end_body(self):
        self.transport.write(b"0\r\n\r\n")

    def drop(self, *, reset):
        self.task = None
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.transport.abort()
        else:
            self.transport.close()


# ── the API's JSON ────────────────────────────────────────────────────────────────
ENVELOPE = {
    "id": "chatcmpl-scripted",
    "object": "chat.completion.chunk",
    "created": 1_760_000_000,
    "model": "scripted-1",
}
TEXT = "a reply that grows word by word, as people read it;"
DONE = b"data: [DONE]\n\n"


def event(fields):
    return b"data: " + json.dumps({**ENVELOPE, **fields}).encode() + b"\n\n"


def delta_event(delta, *, finish=None):
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def usage_event(usage=True):
    counts = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return event({"choices": [], "usage": counts if usage is True else usage})


def completion(text):
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({**ENVELOPE, "choices": [choice]})


def error_body(fields=None):
    error = {"message": "scripted failure", "type": "error", "code": None}
    return json.dumps({"error": error | (fields or {})})


def models_body(names):
    rows = [{"id": name, "object": "model"} for name in names]
    return json.dumps({"object": "list", "data": rows})
