"""P8: who reads slowly, or not at all, costs nothing."""

import asyncio
import re

from tests.fakes import Pause, Raw

from .sockets import Tap
from .stack import FULL, count
from .weights import KILOBYTE, MEGABYTE, Peak

READERS = count(10, 60)
MOST_BYTES = MEGABYTE  # for each of them
PARAGRAPH = "word " * 400 + "\\n\\n"
PARAGRAPHS = 1900  # 3.8 MB: almost as much as a reply may have
EVENT = b'data: {"choices": [{"delta": {"content": "%b"}}]}\n\n' % PARAGRAPH.encode()
STOP = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'
# Half of the readers are closed for their silence; the others say that they have read.
SILENCE_SECONDS = 1
LONGEST_SECONDS = 60


class Reader(Tap):
    """Reads and acknowledges everything until the reply has ended."""

    async def read(self, reply):
        """Return the frame with which that reply ended."""
        while (frame := await self.next()) is not None:
            if "seq" in frame:
                self.acknowledge(frame["message"], frame["seq"])
            if (frame["type"], frame.get("message")) == ("reply.ended", reply):
                return frame
        raise AssertionError(f"the reader was closed: {self.code}")

    def acknowledge(self, message, seq):
        self.send({"type": "ack", "message": message, "seq": seq})


class Sleeper(Reader):
    """Never reads; a liar says that it does."""

    lies = None

    def fall_asleep(self, reply, *, is_liar):
        self.transport.pause_reading()
        if is_liar:
            self.lies = asyncio.ensure_future(self._lie(reply))

    async def _lie(self, reply):
        while True:
            self.acknowledge(reply, 2**40)
            await asyncio.sleep(0.05)

    def leave(self):
        if self.lies is not None:
            self.lies.cancel()
        self.transport.abort()


async def test_who_never_reads_costs_nothing_and_is_closed(stack, provider):
    await stack.restart(CHAT_ACKNOWLEDGE_SECONDS=str(SILENCE_SECONDS))
    alone = await growth_for_a_long_reply(stack, provider, sleepers=0)
    crowded = await growth_for_a_long_reply(stack, provider, sleepers=READERS)
    each = max(crowded - alone, 0) / READERS
    stack.note("P8 memory of a socket that never reads", "KB", each / KILOBYTE)
    assert each <= MOST_BYTES


async def growth_for_a_long_reply(stack, provider, *, sleepers):
    """Return how much memory it takes to show a long reply to so many, and a reader."""
    tab = await stack.tab(at=stack.site)
    await tab.ask("A first one")
    hold = provider.hold()
    flow = [Raw(EVENT * 10), Pause(0.02)] * (PARAGRAPHS // 10)
    provider.raw_reply("Begun. ", hold, *flow, Raw(STOP))
    reply = await tab.reply_to(tab.say("All of it"))
    await tab.shows(reply.pk, "Begun.")
    reader, *asleep = [await enter(stack, tab, reply.pk) for _ in range(sleepers + 1)]
    for number, sleeper in enumerate(asleep):
        sleeper.fall_asleep(reply.pk, is_liar=bool(number % 2))
    await tab.close()  # it keeps whatever it saw, which is too much here
    begun = len(stack.site.log)
    with Peak(stack.site.process.pid) as peak:
        hold.release()
        end = await asyncio.wait_for(reader.read(reply.pk), LONGEST_SECONDS)
        await meanwhile(stack)
        closed = len(asleep) if FULL else (len(asleep) + 1) // 2
        await asyncio.to_thread(wait_disconnected, stack.site, tab, closed, begun)
    assert end["state"] == "finished"
    stored = await stack.stored(tab)
    assert stored["messages"][reply.pk]["text"] == whole_text()
    for socket in (reader, *asleep):
        socket.leave()
        await socket.ended
    return peak.growth_bytes


async def enter(stack, tab, reply):
    """Open a socket that has seen what there is of the reply."""
    path = f"/ws/conversations/{tab.conversation}/"
    socket = await Sleeper.enter(stack.site, tab.session, path)
    socket.send({"type": "sync", "seq": {str(reply): 0}})
    snapshot = await socket.until("reply.snapshot")
    socket.acknowledge(reply, snapshot["seq"])
    return socket


async def meanwhile(stack):
    """Others are served as ever."""
    other = await stack.tab(at=stack.site)
    await other.ask("What about me?")
    await stack.check(other)


def wait_disconnected(site, tab, number, since):
    line = rf"socket /ws/conversations/{re.escape(tab.conversation)}/ disconnected"
    site.wait_logged(rf"(?s)(?:{line}.*?){{{number}}}", since=since)


def whole_text():
    return "Begun. " + PARAGRAPH.replace("\\n", "\n") * PARAGRAPHS
