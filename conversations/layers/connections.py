"""The two halves of a bus: commands on their way out, topics on their way in."""

import asyncio
from collections import Counter

# Redis is asked for a sign of life when it was silent for so long, and counts as gone
# when it owes one for so many times as long. A loop that is late costs one beat.
BEAT_SECONDS = 0.5
MOST_SILENT_BEATS = 3
# What comes on top of so much that waits is dropped, as by a full channel.
MOST_WAITING_BYTES = 16 * 1024**2


class Outbox:
    """Commands that wait for a connection; sent in one piece a round of the loop."""

    def __init__(self):
        self._commands = []
        self._bytes = 0
        self._any = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()

    def put(self, *command):
        size = len(command[-1])
        if self._bytes + size <= MOST_WAITING_BYTES:
            self._commands.append(command)
            self._bytes += size
            self._any.set()
            self._none.clear()

    async def send_to(self, connection):
        while True:
            await self._any.wait()
            commands, self._commands, self._bytes = self._commands, [], 0
            self._any.clear()
            try:
                await connection.send_packed_command(connection.pack_commands(commands))
            finally:
                if not self._commands:
                    self._none.set()

    def clear(self):
        self._commands, self._bytes = [], 0

    async def wait_empty(self):
        """Wait until everything is handed to the connection."""
        await self._none.wait()


class Listener:
    """The topics of this process, and which of them Redis knows."""

    def __init__(self, hear):
        self._hear = hear
        self._known = {}  # by topic, a future that ends when Redis knows it
        self._asked = Counter()  # by topic, what Redis has not confirmed yet
        self._outbox = Outbox()

    def add(self, topic):
        """Return a future that ends when Redis knows `topic`, or is lost."""
        if topic not in self._known:
            self._known[topic] = asyncio.Future()
            self._ask("SUBSCRIBE", topic)
        return self._known[topic]

    def remove(self, topic):
        if known := self._known.pop(topic, None):
            known.cancel()
            self._outbox.put("UNSUBSCRIBE", topic)

    def _ask(self, *command):
        self._asked.update(command[1:])
        self._outbox.put(*command)

    def forget_answers(self):
        """Take back what a lost connection promised; let go who waits for it."""
        for known in self._known.values():
            known.done() or known.set_result(None)
        self._known = {topic: asyncio.Future() for topic in self._known}

    async def send_to(self, connection):
        await self._outbox.send_to(connection)

    async def read_from(self, connection, missed):
        """Ask for every topic, then hear. `missed()` is called once Redis knows all."""
        self._outbox.clear()
        self._asked.clear()
        if self._known:
            self._ask("SUBSCRIBE", *self._known)
        async for kind, topic, data in self._answers(connection):
            topic = topic.decode()
            if kind == b"message":
                self._hear(topic, data)
            elif kind == b"subscribe":
                self._confirm(topic)
                if missed and not self._asked:
                    missed()
                    missed = None

    def _confirm(self, topic):
        """Count down: of a topic that was left and joined again, the last counts."""
        self._asked[topic] -= 1
        if not self._asked[topic]:
            del self._asked[topic]
            known = self._known.get(topic)
            if known and not known.done():
                known.set_result(None)

    async def _answers(self, connection):
        """Yield what Redis says, and raise TimeoutError when it says nothing."""
        silent_beats = 0
        while True:
            answer = await connection.read_response(timeout=BEAT_SECONDS)
            if answer is not None:
                silent_beats = 0
                if len(answer) == 3:  # to the PING it answers in one word, or two
                    yield answer
                continue
            silent_beats += 1
            if silent_beats > MOST_SILENT_BEATS:
                seconds = BEAT_SECONDS * silent_beats
                raise TimeoutError(f"no answer for {seconds:g} s")
            if silent_beats == 1:
                self._outbox.put("PING", "")
