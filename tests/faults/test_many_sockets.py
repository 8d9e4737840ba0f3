"""P24 and P25: very many sockets in one process, and all of them coming back."""

import asyncio
import re
import resource
import time
import uuid

import pytest

from conversations.models.kept import KEEP_SECONDS, Kept

from .sockets import Tap
from .stack import count
from .weights import KILOBYTE, resident_bytes

IDLE, STREAMING = count(200, 5000), count(10, 200)
COMING_BACK = count(60, 1000)
PEOPLE = 10
MOST_BYTES = 60 * KILOBYTE
MOST_QUERIES = 2
AT_A_TIME = 50
# Those of sockets; replies and the periodic sweep have threads of their own.
QUERY = re.compile(r"^query in sockets_\d+: \(\d[\d.]*\) (?!BEGIN|COMMIT)")


@pytest.fixture(autouse=True)
def many_files():
    """Let this process, and those it starts, have as many sockets open as it may."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def people(stack):
    return [await stack.sign_in(f"person-{number}") for number in range(PEOPLE)]


async def open_sockets(site, sessions, number, conversations=None):
    """Open so many sockets, a few at a time."""
    conversations = conversations or [str(uuid.uuid4()) for _ in range(number)]
    gate = asyncio.Semaphore(AT_A_TIME)

    async def enter(at):
        async with gate:
            path = f"/ws/conversations/{conversations[at]}/"
            return await Tap.enter(site, sessions[at % len(sessions)], path)

    return await asyncio.gather(*map(enter, range(number)))


async def close_sockets(sockets):
    for socket in sockets:
        socket.transport.abort()
    await asyncio.gather(*(socket.ended for socket in sockets))


async def test_many_idle_sockets_cost_little_and_drop_nothing(stack):
    await stack.restart()  # with the new limit of open files
    sessions = await people(stack)
    talking = [
        await stack.tab(sessions[n % PEOPLE], at=stack.site) for n in range(STREAMING)
    ]
    await asyncio.gather(*(tab.ask("A first one") for tab in talking))
    warm = await open_sockets(stack.site, sessions, 20)
    before = resident_bytes(stack.site.process.pid)
    idle = await open_sockets(stack.site, sessions, IDLE)
    each = (resident_bytes(stack.site.process.pid) - before) / IDLE
    stack.note("P24 memory of an idle socket", "KB", each / KILOBYTE)
    stack.provider.words, stack.provider.pause_seconds = 100, 0.02
    await asyncio.gather(*(tab.ask("A long one, all at once") for tab in talking))
    assert not [socket for socket in idle if socket.ended.done()]
    assert each <= MOST_BYTES
    assert [code for tab in talking for code in tab.history.closes] == []
    await close_sockets([*warm, *idle])


async def test_everybody_comes_back_after_a_restart(stack):
    await stack.restart(DJANGO_SETTINGS_MODULE="tests.faults.logged_queries")
    sessions = await people(stack)
    tabs = [await stack.tab(session, at=stack.site) for session in sessions]
    for tab in tabs:
        await tab.ask("A first one")
        await tab.close()
    conversations = [tabs[n % PEOPLE].conversation for n in range(COMING_BACK)]
    opened = await open_sockets(stack.site, sessions, COMING_BACK, conversations)
    await asyncio.to_thread(stack.site.stop)
    ends = await asyncio.gather(*(socket.ended for socket in opened))
    assert set(ends) == {"closed: 1012"}
    await stack.start()
    heads = [tabs[n % PEOPLE].page.head for n in range(COMING_BACK)]
    first = await open_sockets(stack.site, sessions, 1, conversations)
    await welcomed(first[0], heads[0])
    begun, began = len(stack.site.log), time.monotonic()
    back = await open_sockets(stack.site, sessions, COMING_BACK, conversations)
    await asyncio.gather(*map(welcomed, back, heads))
    took = time.monotonic() - began
    stack.note("P25 all are back", "s", took)
    queries = sum(bool(QUERY.search(line)) for line in stack.site.log[begun:])
    stack.note("P25 queries of each", "", queries / COMING_BACK)
    await close_sockets([*first, *back])
    assert 0 < queries <= MOST_QUERIES * COMING_BACK + read_by_the_clock(took)


def read_by_the_clock(seconds):
    """Return how many queries are of the process: for what all share, however many."""
    return len(Kept.every) * (1 + int(seconds / KEEP_SECONDS))


async def welcomed(socket, head):
    """Ask what was missed, as the page does, and wait until all is answered."""
    socket.send({"type": "sync", "seq": {}, "head": head})
    socket.send({"type": "nothing"})
    frame = await socket.until("error")
    assert frame["code"] == "unknown_type"
