"""A provider that sends all it has in one moment."""

import asyncio
import contextlib
import time

from .figures import Figure, p95
from .readers import Reader
from .servers import served
from .upstream import CHARACTERS

TOKENS = 200_000
AT_ONCE = 1e12  # tokens a second
PING_SECONDS = 0.01
QUIET_SECONDS = 3


class Pinger(Reader):
    """Measures how late a server's event loop is: it answers pings, and nobody else."""

    def __init__(self):
        super().__init__()
        self.milliseconds = []

    async def ping_on(self):
        while True:
            self.ping(b"%.6f" % time.perf_counter())
            await asyncio.sleep(PING_SECONDS)

    def ponged(self, payload):
        self.milliseconds.append((time.perf_counter() - float(payload)) * 1000)


class Ending(Reader):
    """Takes any end of a reply for an answer."""

    async def end_of(self, text):
        """Return the state in which the reply ended, and the error's code."""
        with contextlib.suppress(RuntimeError):
            await self.ask(text)
        return self.end

    def received(self, frame):
        if frame["type"] == "reply.ended":
            error = frame["error"] or {}
            self.end = " ".join(filter(None, [frame["state"], error.get("code")]))
        super().received(frame)


def measure(*, quick):
    """Lag of the event loop in ms, p95 and most, and MB; the control: at rest."""
    tokens = 20_000 if quick else TOKENS
    with served(tokens=tokens, rate=AT_ONCE, rich=CHARACTERS) as (_, site):
        (session,) = site.rows("people", count=1)
        lags, rest, growth, seconds, end = asyncio.run(_flooded(site, session))
    note = f"{tokens:,} tokens at once: “{end}” after {seconds:.1f} s; pings over a "
    note += "socket while they come; the control: with nothing to do"
    ours, control = (p95(lags), max(lags)), (p95(rest), max(rest))
    return [Figure("flood", (*ours, growth), control, note)]


async def _flooded(site, session):
    """Return lags in ms with the flood and without, MB, its seconds, and its end."""
    pinger = await Pinger.enter(site, session)
    reader = await Ending.enter(site, session)
    pinging = asyncio.create_task(pinger.ping_on())
    await asyncio.sleep(QUIET_SECONDS)
    rest, pinger.milliseconds = pinger.milliseconds, []
    site.forget_most()
    before, began = site.resident_mb, time.perf_counter()
    end = await reader.end_of("All of it")
    seconds = time.perf_counter() - began
    growth = None if before is None else site.most_mb - before
    pinging.cancel()
    pinger.close()
    reader.close()
    return pinger.milliseconds, rest, growth, seconds, end
