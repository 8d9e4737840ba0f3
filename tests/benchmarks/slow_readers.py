"""Pages that never read, beside people who do."""

import asyncio
import socket

from .figures import Figure, p95, spell
from .readers import Reader
from .servers import served
from .streams import spread

READERS, SLOW = 50, 10
RATE = 25
CHARACTERS = 200  # of each token: 5 KB of Markdown a second
LITTLE_BYTES = 4096  # that the system may take in for who does not read


class Attentive(Reader):
    """Notes in `pauses` the seconds between two frames of its reply."""

    _grew_at = None

    def __init__(self):
        super().__init__()
        self.pauses = []

    def grew(self, payload):
        super().grew(payload)
        now = asyncio.get_running_loop().time()
        if self._grew_at is not None:
            self.pauses.append(now - self._grew_at)
        self._grew_at = now


class Sleeper(Reader):
    """Reads nothing from the first text of its reply on."""

    def grew(self, payload):
        self.transport.pause_reading()

    def connection_made(self, transport):
        peer = transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, LITTLE_BYTES)
        super().connection_made(transport)


def measure(*, quick):
    """MB that a slow reader costs, and what it costs the others."""
    seconds = 4 if quick else 15
    alone_mb, *alone = _run(Attentive, seconds)
    beside_mb, *beside = _run(Sleeper, seconds)
    each = None if alone_mb is None else max(0, beside_mb - alone_mb) / SLOW
    kilobytes = spell(seconds * RATE * CHARACTERS / 1000)
    cost = f"{SLOW} of {READERS + SLOW} pages never read their reply of {kilobytes} KB"
    cost += "; how much more memory the site took at most than where all read"
    others = (
        f"p95 of the {READERS} others, ideal {seconds:.1f} s; the control: all read"
    )
    return [
        Figure("slow_readers", (each,), (), cost),
        Figure("slow_others", tuple(beside), tuple(alone), others),
    ]


def _run(kind, seconds):
    """Return the growth in MB, p95 of the replies in s and of their pauses in ms."""
    with served(tokens=seconds * RATE, rate=RATE, rich=CHARACTERS) as (_, site):
        sessions = site.rows("people", count=READERS + SLOW)
        return asyncio.run(_read(site, sessions, kind))


async def _read(site, sessions, kind):
    pages = [(session,) for session in sessions]
    readers = await Attentive.enter_all(site, pages[:READERS])
    others = await kind.enter_all(site, pages[READERS:])
    site.forget_most()
    before = site.resident_mb
    apart = [
        asyncio.create_task(ask)
        for ask in spread(SLOW, 1, lambda n: others[n].ask("A long one"))
    ]
    took = await asyncio.gather(
        *spread(READERS, 1, lambda n: readers[n].ask("A long one"))
    )
    if kind is Attentive:
        await asyncio.gather(*apart)
    growth = None if before is None else site.most_mb - before
    for task in apart:
        task.cancel()
    for reader in (*readers, *others):
        reader.transport.abort()
    await asyncio.gather(*apart, return_exceptions=True)
    pauses = [pause * 1000 for reader in readers for pause in reader.pauses]
    return growth, p95(took), p95(pauses)
