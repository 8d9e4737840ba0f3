"""What a reply costs the processor."""

import asyncio
import time

from .figures import Figure, join, p50, p95
from .readers import DirectReader, Reader
from .stacks import STACKS, on_each, standing
from .streams import IDEAL_SECONDS, RATE, TOKENS, spread

STREAMS = 50


def measure(*, quick):
    """CPU seconds of the site a 1,000 tokens; the control: of a direct client."""
    return on_each("cpu", lambda stack: _figures(stack, 1 if quick else 2))


def _figures(stack, rounds):
    control = ()
    with standing(stack, tokens=TOKENS, rate=RATE) as (upstream, site):
        sessions = site.rows("people", count=STREAMS)

        def spent():
            mine = (upstream.cpu_seconds, time.process_time())
            return site.cpu_seconds, *mine, *stack.servers_cpu_seconds()

        (ours, *others), firsts = asyncio.run(_ours(site, sessions, rounds, spent))
        if stack is STACKS[0]:
            control = (asyncio.run(_control(upstream.port, rounds)),)
    note = f"{STREAMS} people, {rounds} messages each, saving and sending included"
    note += (
        f"; question → first text {join((p50(firsts), p95(firsts)), ' ms')}; beside "
    )
    note += f"it the provider / the client of this benchmark: {join(others[:2], ' s')}"
    if stack.has_servers:
        note += f"; PostgreSQL / Redis: {join(others[2:], ' s')}"
    if control:
        note += "; the control: a client that only reads the same streams"
    return [Figure("cpu", (ours,), control, note, stack.key)]


async def _ours(site, sessions, rounds, spent):
    """Return what was `spent` on a 1,000 tokens, and the ms to each first text."""
    readers = await Reader.enter_all(site, [(session,) for session in sessions])
    await asyncio.gather(*_asked(lambda n: readers[n].ask("A first one")))
    before, firsts = spent(), []
    for _ in range(rounds):
        await asyncio.gather(*_asked(lambda n: readers[n].ask("Hello there")))
        firsts += [reader.first_seconds * 1000 for reader in readers]
    pairs = list(zip(before, spent(), strict=True))
    for reader in readers:
        reader.close()
    thousands = _thousands(rounds)
    each = [None if None in pair else (pair[1] - pair[0]) / thousands for pair in pairs]
    return each, firsts


async def _control(port, rounds):
    before = time.process_time()
    for _ in range(rounds):
        await asyncio.gather(*_asked(lambda n: DirectReader.ask(port)))
    return (time.process_time() - before) / _thousands(rounds)


def _asked(ask):
    return spread(STREAMS, IDEAL_SECONDS / 4, ask)


def _thousands(rounds):
    return STREAMS * TOKENS * rounds / 1000
