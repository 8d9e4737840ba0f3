"""What a reply costs the processor."""

import asyncio
import time

from .figures import Figure
from .readers import DirectReader, Reader
from .servers import served
from .streams import IDEAL_SECONDS, RATE, TOKENS, spread

STREAMS = 50


def measure(*, quick):
    """CPU seconds of the server a 1,000 tokens; the control: of a direct client."""
    rounds = 1 if quick else 3
    with served(tokens=TOKENS, rate=RATE) as (upstream, site):
        sessions = site.rows("people", count=STREAMS)
        ours = asyncio.run(_ours(site, sessions, rounds))
        control = asyncio.run(_control(upstream.port, rounds))
    note = (
        f"{STREAMS} people, {rounds} messages each, the saving and sending included; "
        "the control: a client that only reads the same streams"
    )
    return [Figure("cpu", (ours,), (control,), note)]


async def _ours(site, sessions, rounds):
    readers = [await Reader.enter(site, session) for session in sessions]
    await asyncio.gather(*_asked(lambda n: readers[n].ask("A first one")))
    before = site.cpu_seconds
    for _ in range(rounds):
        await asyncio.gather(*_asked(lambda n: readers[n].ask("Hello there")))
    after = site.cpu_seconds
    for reader in readers:
        reader.close()
    return None if before is None else (after - before) / _thousands(rounds)


async def _control(port, rounds):
    before = time.process_time()
    for _ in range(rounds):
        await asyncio.gather(*_asked(lambda n: DirectReader.ask(port)))
    return (time.process_time() - before) / _thousands(rounds)


def _asked(ask):
    return spread(STREAMS, IDEAL_SECONDS / 4, ask)


def _thousands(rounds):
    return STREAMS * TOKENS * rounds / 1000
