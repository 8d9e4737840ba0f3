"""Thousands of open pages that do nothing, and people who chat beside them."""

import asyncio

from .figures import Figure, p50, p95
from .memory import FIRST, settled_mb
from .readers import Reader
from .servers import Control, served
from .sockets import Socket, allow_open_files
from .streams import IDEAL_SECONDS, RATE, TOKENS, sorted_out, spread

# The site asks every socket in 20 seconds whether somebody is there, and waits for 10.
HOLD_SECONDS = 32
PEOPLE, CONVERSATIONS = 100, 10  # of each


class Idle(Reader):
    """An open page; `reason` says why it ended, if it has."""

    reason = None

    def lost(self, reason):
        self.reason = self.reason or reason
        super().lost(reason)


def measure(*, quick):
    """KB of each idle socket, and how many were dropped; replies beside them."""
    count, streaming = (200, 20) if quick else (5000, 200)
    allow_open_files(count + streaming + FIRST)
    with served(tokens=TOKENS, rate=RATE) as (_, site):
        pages = site.rows("talks", people=PEOPLE, each=CONVERSATIONS)
        ours = asyncio.run(_ours(site, pages, count, streaming))
    with Control() as server:
        bare = asyncio.run(_control(server, count))
    each_kb, held_seconds, reasons, alone, beside = ours
    held = f"{count:,} pages of conversations, held for {held_seconds:.0f} s"
    note = f"{streaming} replies asked over the length of one, ideal "
    note += f"{IDEAL_SECONDS:.1f} s; the control: the same before the pages came"
    took, errors = beside
    return [
        Figure(
            "crowd",
            (each_kb, len(reasons)),
            (bare,),
            "; ".join([held, *reasons[:1]]),
        ),
        Figure(
            "crowd_replies",
            (p50(took), p95(took)) if took else ("none",),
            (p50(alone), p95(alone)),
            "; ".join([note, *(f"{len(errors)} × {e}" for e in errors[:1])]),
        ),
    ]


async def _ours(site, pages, count, streaming):
    """Return what `measure` tells of us."""
    pages = [page[:2] for page in pages]
    people = [(session,) for session, _ in pages[:streaming]]
    readers = await Reader.enter_all(site, people)
    await _replies(readers, "A first one")
    alone, errors = await _replies(readers, "Without the others")
    if errors:
        raise RuntimeError(errors[0])
    idle = await Idle.enter_all(site, [pages[n] for n in range(FIRST)])
    before = await asyncio.to_thread(settled_mb, site)
    crowd = await Idle.enter_all(site, [pages[n % len(pages)] for n in range(count)])
    after = await asyncio.to_thread(settled_mb, site)
    loop = asyncio.get_running_loop()
    began, took, errors = loop.time(), [], []
    while loop.time() - began < HOLD_SECONDS:
        fine, failed = await _replies(readers, "Beside the others")
        took += fine
        errors += failed
    reasons = [s.reason for s in (*idle, *crowd) if s.reason]
    held_seconds = loop.time() - began
    for socket in (*readers, *idle, *crowd):
        socket.close()
    each_kb = None if before is None else (after - before) * 1000 / count
    return each_kb, held_seconds, reasons, alone, (took, errors)


async def _replies(readers, text):
    asked = spread(len(readers), IDEAL_SECONDS, lambda n: readers[n].ask(text))
    return sorted_out(await asyncio.gather(*asked, return_exceptions=True))


async def _control(server, count):
    """Return the kilobytes of each socket of a server with nothing behind it."""
    sockets = [await Socket.open(server.port, "/") for _ in range(FIRST)]
    before = await asyncio.to_thread(settled_mb, server)
    sockets += [await Socket.open(server.port, "/") for _ in range(count)]
    after = await asyncio.to_thread(settled_mb, server)
    for socket in sockets:
        socket.close()
    return None if before is None else (after - before) * 1000 / count
