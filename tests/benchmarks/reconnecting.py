"""A restart, and everybody who was there coming back in one moment."""

import asyncio
import collections

from .figures import Figure, join, p50, p95
from .readers import ENTERING
from .servers import Control, Site
from .sockets import Socket, allow_open_files
from .start import NOWHERE

KNOCK_SECONDS = 0.01
AGAIN_SECONDS = 0.2  # who was turned away comes again
RESTARTING = 1012


class Tab(Socket):
    """An open page: `ended` is why its socket ended, once it has."""

    @classmethod
    async def enter(cls, port, page):
        """Return a Tab that knows all it missed."""
        session, conversation, head = page
        path = f"/ws/conversations/{conversation}/"
        tab = await cls.open(port, path, cookie=f"sessionid={session}")
        await tab.heard(
            {"type": "sync", "seq": {}, "head": head},
            # Nothing answers a page that missed nothing; the next frame is answered
            # with an error, in its turn.
            {"type": "done?"},
        )
        return tab

    def __init__(self):
        super().__init__()
        self.ended = asyncio.get_running_loop().create_future()
        self._answered = asyncio.get_running_loop().create_future()

    async def heard(self, *frames):
        """Send `frames` and wait for an answer; ConnectionError if none comes."""
        for frame in frames:
            self.send(frame)
        await asyncio.wait(
            [self._answered, self.ended], return_when=asyncio.FIRST_COMPLETED
        )
        if not self._answered.done():
            raise ConnectionError(self.ended.result())

    def took(self, payload):
        if not self._answered.done():
            self._answered.set_result(None)

    def lost(self, reason):
        if not self.ended.done():
            self.ended.set_result(reason)


class Bare(Tab):
    """A socket of the control; it says a word and hears it again."""

    @classmethod
    async def enter(cls, port, page):
        bare = await cls.open(port, "/")
        await bare.heard("Hello")
        return bare


def measure(*, quick):
    """Seconds until all are back, and p50 / p95; the control: Daphne alone."""
    count = 100 if quick else 1000
    allow_open_files(2 * count)
    with Site(NOWHERE) as site:
        pages = site.rows("talks", people=count, each=1)
        ours, note = asyncio.run(_restarted(site, Tab, pages))
    with Control() as server:
        control, _ = asyncio.run(_restarted(server, Bare, [None] * count))
    return [Figure("reconnecting", ours, control, note)]


async def _restarted(server, kind, pages):
    """Return `(all, p50, p95)` in seconds from the first that is let in; and a note."""
    loop = asyncio.get_running_loop()
    tabs = []
    for at in range(0, len(pages), ENTERING):
        batch = (kind.enter(server.port, page) for page in pages[at : at + ENTERING])
        tabs += await asyncio.gather(*batch)
    told = loop.time()
    await asyncio.to_thread(server.stop)
    goodbyes = collections.Counter(await asyncio.gather(*(tab.ended for tab in tabs)))
    ended = loop.time()
    starting = asyncio.create_task(asyncio.to_thread(server.start))
    await _let_in(server.port, starting)
    began = loop.time()
    coming = [_come_back(kind, server.port, page, began) for page in pages]
    back = await asyncio.gather(*coming)
    await starting
    took = [seconds for _, _, seconds in back]
    turned_away = sum(refusals for _, refusals, _ in back)
    for tab, _, _ in back:
        tab.close()
    clean = sum(n for why, n in goodbyes.items() if why == f"closed: {RESTARTING}")
    note = f"{len(pages):,} tabs, from the first that is let in, each until it is in "
    note += f"sync; {clean:,} were closed with {RESTARTING}; turned away meanwhile: "
    note += f"{turned_away}; stop / start: {join((ended - told, began - ended), ' s')}"
    return (max(took), p50(took), p95(took)), note


async def _let_in(port, starting):
    """Wait until somebody listens; raises what `starting` raises if nobody does."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if starting.done():
                starting.result()
            await asyncio.sleep(KNOCK_SECONDS)
        else:
            writer.close()
            return


async def _come_back(kind, port, page, began):
    """Return the tab, how often it was turned away, and its seconds since `began`."""
    loop, refusals = asyncio.get_running_loop(), 0
    while True:
        try:
            tab = await kind.enter(port, page)
        except OSError:
            refusals += 1
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return tab, refusals, loop.time() - began
