"""A scripted OpenAI-compatible server that tests talk to over real HTTP.

    with ScriptedProvider() as provider:
        hold = provider.hold()
        provider.reply_pieces(["Hello ", hold, "world"])
        ...                        # point the site at provider.endpoint
        hold.wait_reached()        # "Hello " was sent, the rest waits
        hold.release()

It lives in a thread with a loop of its own, so sync and async tests use it alike.
Each scripting call answers one more request, in order; without a script the answer
is `ScriptedProvider.default_text`.
"""

import asyncio
import threading
from collections import defaultdict, deque

from conversations.llm import Endpoint
from tests.patience import PATIENCE_SECONDS

from . import fakes_wire as wire
from . import listening
from .fakes_pieces import (
    CUT,
    HANG,
    RESET,
    Delta,
    Flood,
    Hold,
    Pause,
    Raw,
    Script,
    perform,
)
from .fakes_wire import Received

__all__ = [
    "CUT",
    "HANG",
    "RESET",
    "Delta",
    "Flood",
    "Hold",
    "Pause",
    "Raw",
    "Received",
    "ScriptedProvider",
]

CHAT, MODELS = "/v1/chat/completions", "/v1/models"


class ScriptedProvider:
    """See the module. `requests` holds what arrived, in order.

    `api_key` None takes any key.
    """

    default_text = "This is the **scripted** model."

    def __init__(self, *, api_key="scripted-key"):
        self.port, self.api_key = 0, api_key
        self.models = ["scripted-2", "scripted-1"]
        self.requests: list[Received] = []
        self.connection_count = 0
        self._scripts = defaultdict(deque)
        self._open = set()
        self._arrived = threading.Condition()

    # ── life ──────────────────────────────────────────────────────────────────────
    def __enter__(self):
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self.serve(ready.set)), daemon=True
        )
        self._thread.start()
        assert ready.wait(PATIENCE_SECONDS), "the scripted provider did not start"
        return self

    def __exit__(self, *exc_info):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_SECONDS)

    async def serve(self, on_ready):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(
            lambda: wire.Connection(self), "127.0.0.1", self.port, backlog=2048
        )
        self.port = server.sockets[0].getsockname()[1]
        on_ready()
        await self._stop.wait()
        await listening.end(server)
        for connection in list(self._open):
            connection.transport.abort()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def endpoint(self):
        return Endpoint(base_url=self.base_url, api_key=self.api_key or "")

    # ── what arrived ──────────────────────────────────────────────────────────────
    @property
    def bodies(self):
        return [request.body for request in self.requests]

    def wait_requests(self, count=1):
        """Wait until `count` requests arrived; return the last of them."""
        with self._arrived:
            enough = self._arrived.wait_for(
                lambda: len(self.requests) >= count, PATIENCE_SECONDS
            )
        assert enough, f"{len(self.requests)} of {count} requests arrived"
        return self.requests[count - 1]

    async def request_arrived(self, count=1):
        return await asyncio.to_thread(self.wait_requests, count)

    # ── scripting ─────────────────────────────────────────────────────────────────
    def reply(self, text, *, chunk=5, hold_at=None, **how):
        """Answer with `text`, `chunk` characters a piece; `how` as `reply_pieces`.

        With `hold_at` (0.5: half-way) return the Hold that waits there.
        """
        pieces = [text[at : at + chunk] for at in range(0, len(text), chunk)]
        hold = None if hold_at is None else self.hold()
        if hold is not None:
            pieces.insert(round(len(pieces) * hold_at), hold)
        self.reply_pieces(pieces, **how)
        return hold

    def reply_pieces(
        self, pieces, *, finish="stop", usage=True, done=True, headers=None
    ):
        """Answer with pieces: str, Delta, Raw, Flood, Hold, Pause, CUT, RESET, HANG.

        `finish=None` leaves the finish reason out, `done=False` the `[DONE]`;
        `usage` may be a dict as the API spells it.
        """
        end = b"" if finish is None else wire.delta_event({}, finish=finish)
        end += wire.usage_event(usage) if usage else b""
        end += wire.DONE if done else b""
        start = Delta({"role": "assistant", "content": ""})
        self.raw_reply(start, *pieces, Raw(end), headers=headers)

    def raw_reply(self, *pieces, headers=None):
        """Answer 200 with exactly these pieces and nothing around them."""
        self._scripts[CHAT].append(Script(list(pieces), headers=headers or {}))

    def fail(
        self, status=500, *, error=None, headers=None, body=None, times=1, path=CHAT
    ):
        """Answer `times` requests with an error: its `error` fields, or a raw `body`.

        A raw body that begins with `<` is sent as an HTML page.
        """
        if body is None:
            body = wire.error_body(error)
        kind = "text/html" if body.startswith("<") else "application/json"
        script = Script([Raw(body.encode())], status, headers or {}, kind)
        self._scripts[path].extend([script] * times)

    def page(self, body="<html><body>Welcome!</body></html>", *, path=CHAT):
        """Answer 200 with something that is no API."""
        self.fail(200, body=body, path=path)

    def no_headers(self, step=HANG, *, times=1):
        """Take the request, then HANG, CUT or RESET without a word."""
        self._scripts[CHAT].extend([Script([step], status=None)] * times)

    def hold(self):
        return Hold()

    def forget_scripts(self):
        self._scripts.clear()

    # ── answering, in the thread of the loop ──────────────────────────────────────
    def connected(self, connection):
        self.connection_count += 1
        self._open.add(connection)
        if self._stop.is_set():  # whoever was being let in just then is put out again
            connection.transport.abort()

    def disconnected(self, connection):
        self._open.discard(connection)

    async def answer(self, connection, request):
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        await perform(connection, self._script_for(request))

    def _script_for(self, request):
        offered = request.headers.get("authorization")
        if self.api_key and offered != f"Bearer {self.api_key}":
            error = {"code": "invalid_api_key", "message": "Incorrect API key."}
            return _json(wire.error_body(error), 401)
        if self._scripts[request.path]:
            return self._scripts[request.path].popleft()
        if request.path == MODELS:
            return _json(wire.models_body(self.models))
        if request.path != CHAT:
            return _json('{"detail": "Not Found"}', 404)
        if not request.body.get("stream"):
            return _json(wire.completion(self.default_text))
        self.improvise(request)
        return self._scripts[CHAT].popleft()

    def improvise(self, request):
        """Script the answer to a request that no test foresaw."""
        self.reply(self.default_text)


def _json(body, status=200):
    return Script([Raw(body.encode())], status, {}, "application/json")
