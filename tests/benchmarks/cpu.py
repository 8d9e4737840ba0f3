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
    return on_each("cpu", lambda stack: _figures(stack, 1 if quick else 3))


def _figures(stack, rounds):
    with standing(stack, tokens=TOKENS, rate=RATE) as (upstream, site):
        sessions = site.rows("people", count=STREAMS)
        ours, others, firsts = asyncio.run(_ours(stack, site, sessions, rounds))
        control = ()
        if stack is STACKS[0]:
            control = (asyncio.run(_control(upstream.port, rounds)),)
    note = f"{STREAMS} people, {rounds} messages each, saving and sending included"
    note += f"; question → first text {join((p50(firsts), p95(firsts)), ' ms')}"
    if control:
        note += "; the control: a client that only reads the same streams"
    if stack.has_servers:
        note += f"; beside it PostgreSQL / Redis: {join(others, ' s')}"
    return [Figure("cpu", (ours,), control, note, stack.key)]


async def _ours(stack, site, sessions, rounds):
    """Return the CPU seconds a 1,000 tokens of site and servers; first texts in ms."""
    readers = await Reader.enter_all(site, [(session,) for session in sessions])
    await asyncio.gather(*_asked(lambda n: readers[n].ask("A first one")))
    before, others_before = site.cpu_seconds, stack.servers_cpu_seconds()
    firsts = []
    for _ in range(rounds):
        await asyncio.gather(*_asked(lambda n: readers[n].ask("Hello there")))
        firsts += [reader.first_seconds * 1000 for reader in readers]
    after, others_after = site.cpu_seconds, stack.servers_cpu_seconds()
    for reader in readers:
        reader.close()
    thousands = _thousands(rounds)
    pairs = zip(others_before, others_after, strict=True)
    others = tuple((end - begin) / thousands for begin, end in pairs)
    ours = None if before is None else (after - before) / thousands
    return ours, others, firsts


async def _control(port, rounds):
    before = time.process_time()
    for _ in range(rounds):
        await asyncio.gather(*_asked(lambda n: DirectReader.ask(port)))
    return (time.process_time() - before) / _thousands(rounds)


def _asked(ask):
    return spread(STREAMS, IDEAL_SECONDS / 4, ask)


def _thousands(rounds):
    return STREAMS * TOKENS * rounds / 1000
