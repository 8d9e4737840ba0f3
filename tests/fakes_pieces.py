"""What a scripted reply may be made of, and how it is performed."""

import asyncio
import dataclasses
import threading

from tests.patience import PATIENCE_SECONDS

from . import fakes_wire as wire


@dataclasses.dataclass(frozen=True)
class Delta:
    """Any `delta` object: a refusal, a tool call, reasoning."""

    fields: dict


@dataclasses.dataclass(frozen=True)
class Raw:
    """Bytes for the body as they are."""

    data: bytes


@dataclasses.dataclass(frozen=True)
class Flood:
    """So many bytes of a line that never ends."""

    size_bytes: int


@dataclasses.dataclass(frozen=True)
class Pause:
    """Time that passes on the provider's side."""

    seconds: float


class Step:
    """What the server does instead of sending."""


CUT = Step()  # close in the middle: the body lacks its end
RESET = Step()  # the same, by a TCP reset
HANG = Step()  # nothing more, until the client leaves


class Hold:
    """A place in a reply where the server waits for the test."""

    def __init__(self):
        self._reached, self._released = threading.Event(), threading.Event()
        self._open = lambda: None

    def release(self):
        self._released.set()
        self._open()

    def wait_reached(self):
        assert self._reached.wait(PATIENCE_SECONDS), "the reply never got here"

    async def reached(self):
        await asyncio.to_thread(self.wait_reached)

    async def pass_through(self):
        loop, opened = asyncio.get_running_loop(), asyncio.Event()
        self._open = lambda: loop.call_soon_threadsafe(opened.set)
        self._reached.set()
        if not self._released.is_set():
            await opened.wait()


@dataclasses.dataclass
class Script:
    pieces: list
    status: int | None = 200  # None: not even headers
    headers: dict = dataclasses.field(default_factory=dict)
    content_type: str = "text/event-stream; charset=utf-8"


async def perform(connection, script):
    if script.status is not None:
        connection.send_head(script.status, script.content_type, script.headers)
    for piece in script.pieces:
        if piece is HANG:
            await asyncio.Event().wait()
        elif piece is CUT or piece is RESET:
            connection.drop(reset=piece is RESET)
            return
        elif isinstance(piece, Hold):
            await piece.pass_through()
        elif isinstance(piece, Pause):
            await asyncio.sleep(piece.seconds)
        elif isinstance(piece, Flood):
            for _ in range(piece.size_bytes // 65_536):
                await connection.send(b"x" * 65_536)
        else:
            await connection.send(_bytes(piece))
    connection.end_body()


def _bytes(piece):
    match piece:
        case str():
            return wire.delta_event({"content": piece})
        case Delta(fields=fields):
            return wire.delta_event(fields)
        case Raw(data=data):
            return data
