"""P8: who reads slowly, or not at all, costs nothing."""

import asyncio
import json
import re
import socket

from tests.fakes import Pause, Raw

from .sockets import Tap
from .stack import FULL, count
from .weights import KILOBYTE, MEGABYTE, Peak

# Many, as what the reply itself takes is now more, now less.
READERS = count(30, 60)
# For each of them. Half of it where there is time: frames grow where there is none.
MOST_BYTES = MEGABYTE
PARAGRAPH = "word " * 400 + "\\n\\n"
PARAGRAPHS = 1900  # 3.8 MB: almost as much as a reply may have
EVENT = b'data: {"choices": [{"delta": {"content": "%b"}}]}\n\n' % PARAGRAPH.encode()
ALL = "That was all."
STOP = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'
# What the system takes in for a reader that does not read is no memory of the site.
LITTLE_BYTES = 4 * KILOBYTE
LONGEST_SECONDS = 60
SILENCE_SECONDS = 1
TOO_SLOW = 4408


class Reader(Tap):
    """Reads and acknowledges everything until the reply has ended."""

    seq = 0  # of the last frame that it has read

    async def read(self, reply, words):
        """Return the next frame of that reply with `words`; acknowledge all before."""
        while (frame := await self.next()) is not None:
            if "seq" in frame:
                self.seq = frame["seq"]
                self.acknowledge(frame["message"], self.seq)
            if frame.get("message") == reply and words in json.dumps(frame):
                return frame
        raise AssertionError(f"the reader was closed: {self.code}")

    def acknowledge(self, message, seq):
        self.send({"type": "ack", "message": message, "seq": seq})


class Sleeper(Reader):
    """Never reads; a liar says that it has read whatever `awake` has."""

    lies = None

    def fall_asleep(self, reply, *, awake=None):
        self.transport.pause_reading()
        self.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVBUF, LITTLE_BYTES
        )
        if awake is not None:
            self.lies = asyncio.ensure_future(self._lie(reply, awake))

    async def _lie(self, reply, awake):
        while True:
            self.acknowledge(reply, awake.seq)
            await asyncio.sleep(0.05)

    def leave(self):
        if self.lies is not None:
            self.lies.cancel()
        self.transport.abort()


async def test_who_never_reads_costs_nothing(stack, provider):
    await growth_for_a_long_reply(stack, provider, sleepers=0)  # it keeps its memory
    alone = await growth_for_a_long_reply(stack, provider, sleepers=0)
    crowded = await growth_for_a_long_reply(stack, provider, sleepers=READERS)
    each = max(crowded - alone, 0) / READERS
    stack.note("P8 memory of a socket that never reads", "KB", each / KILOBYTE)
    assert each <= MOST_BYTES


async def test_who_acknowledges_nothing_is_closed(stack, provider):
    await stack.restart(CHAT_ACKNOWLEDGE_SECONDS=str(SILENCE_SECONDS))
    tab = await stack.tab(at=stack.site)
    hold = provider.hold_after("A long one", words=20)
    reply = await tab.reply_to(tab.say("A long one"))
    await tab.shows(reply.pk, "word1")
    silent = await Tap.enter(stack.site, tab.session, path_of(tab))
    silent.send({"type": "sync", "seq": {str(reply.pk): 0}})
    assert await silent.until("reply.ended") is None
    assert silent.code == TOO_SLOW
    hold.release()
    await tab.ended(reply.pk)
    assert tab.history.closes == []
    await stack.check()


async def growth_for_a_long_reply(stack, provider, *, sleepers):
    """Return how much memory it takes to show a long reply to so many, and a reader."""
    tab = await stack.tab(at=stack.site)
    await tab.ask("A first one")
    hold, last = provider.hold(), provider.hold()
    flow = [Raw(EVENT * 10), Pause(0.02)] * (PARAGRAPHS // 10)
    provider.raw_reply("Begun. ", hold, *flow, ALL, last, Raw(STOP))
    reply = await tab.reply_to(tab.say("All of it"))
    await tab.shows(reply.pk, "Begun.")
    reader, *asleep = [await enter(stack, tab, reply.pk) for _ in range(sleepers + 1)]
    for number, sleeper in enumerate(asleep):
        sleeper.fall_asleep(reply.pk, awake=reader if number % 2 else None)
    await tab.close()  # it keeps whatever it saw, which is too much here
    begun = len(stack.site.log)
    with Peak(stack.site.process.pid) as peak:
        hold.release()
        await asyncio.wait_for(reader.read(reply.pk, ALL), LONGEST_SECONDS)
        await meanwhile(stack)
        if FULL and asleep:  # it takes them half a minute
            closing = (stack.site, tab, len(asleep), begun)
            await asyncio.to_thread(wait_disconnected, *closing)
    last.release()
    await asyncio.wait_for(reader.read(reply.pk, "finished"), LONGEST_SECONDS)
    stored = await stack.stored(tab)
    assert stored["messages"][reply.pk]["text"] == whole_text()
    for one in (reader, *asleep):
        one.leave()
        await one.ended
    return peak.growth_bytes


async def enter(stack, tab, reply):
    """Open a socket that has seen what there is of the reply."""
    sleeper = await Sleeper.enter(stack.site, tab.session, path_of(tab))
    sleeper.send({"type": "sync", "seq": {str(reply): 0}})
    snapshot = await sleeper.until("reply.snapshot")
    sleeper.acknowledge(reply, snapshot["seq"])
    return sleeper


def path_of(tab):
    return f"/ws/conversations/{tab.conversation}/"


async def meanwhile(stack):
    """Others are served as ever."""
    other = await stack.tab(at=stack.site)
    await other.ask("What about me?")
    await stack.check(other)


def wait_disconnected(site, tab, number, since):
    line = rf"socket {re.escape(path_of(tab))} disconnected"
    site.wait_logged(line, times=number, since=since)


def whole_text():
    return "Begun. " + PARAGRAPH.replace("\\n", "\n") * PARAGRAPHS + ALL
