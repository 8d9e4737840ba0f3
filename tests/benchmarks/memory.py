"""What the site needs while nothing happens."""

import asyncio

from .figures import Figure, spell
from .processes import get, pause
from .readers import Reader
from .servers import Control, Site
from .sockets import Socket
from .start import NOWHERE

FIRST = (
    20  # sockets opened before the first weighing: what is loaded once is not theirs
)


def measure(*, quick):
    """Resident memory idle, and for each idle socket; the control: Daphne alone."""
    count = 40 if quick else 200
    with Site(NOWHERE) as site:
        idle = settled_mb(site)
        (session,) = site.rows("people", count=1)
        get(site.port, "/", cookie=f"sessionid={session}")
        used = settled_mb(site)
        ours = asyncio.run(weigh(site, count, lambda: Reader.enter(site, session)))
    with Control() as server:
        bare = settled_mb(server)
        control = asyncio.run(weigh(server, count, lambda: _socket(server)))
    note = (
        f"after the first 200; {spell(used)} MB once somebody opened a page, "
        f"and then {count} sockets of conversations"
    )
    return [Figure("memory", (idle, ours), (bare, control), note)]


def _socket(server):
    return Socket.open(server.port, "/")


async def weigh(server, count, enter):
    """Return the kilobytes of each of `count` sockets."""
    open_first = [await enter() for _ in range(FIRST)]
    before = settled_mb(server)
    opened = [await enter() for _ in range(count)]
    after = settled_mb(server)
    for socket in [*open_first, *opened]:
        socket.close()
    return None if before is None else (after - before) * 1000 / count


def settled_mb(server):
    """Return the megabytes once they have stood still for a second."""
    before, now = -1, server.resident_mb
    while now != before:
        pause(1)
        before, now = now, server.resident_mb
    return now
