"""What one event loop tells other processes through Redis, and hears of them."""

import asyncio
import contextvars
from contextlib import asynccontextmanager, suppress

from redis.asyncio import ConnectionPool

from conversations.breaker import TIMEOUT_SECONDS, breaker_for

from .connections import Listener, Outbox

# The pause after a loss; it doubles while losses follow each other, as they do where
# Redis answers but refuses us.
PAUSE_SECONDS = 0.1
MOST_DOUBLINGS = 4
STEADY_SECONDS = 10.0


class Bus:
    """Topics over two connections: one that only speaks, one that only listens.

    Nothing here raises for Redis, and nobody waits for it longer than TIMEOUT_SECONDS.
    Topics are remembered: after each loss they are subscribed to again.
    """

    def __init__(self, url, hear, missed):
        """`hear(topic, data)` gets what comes; `missed()` is called after each loss."""
        self._breaker = breaker_for(url)
        self._outbox = Outbox()
        self._listener = Listener(hear)
        self._missed = missed
        # A subscription may be silent for long: reading has a beat, and no limit.
        self._pool = ConnectionPool.from_url(
            url,
            protocol=2,
            driver_info=None,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=None,
        )
        # In a context of its own: it outlives whoever happens to be the first.
        self._task = asyncio.create_task(self._run(), context=contextvars.Context())

    def publish(self, topic, data):
        """Tell every process, soon. While Redis is away, none is told."""
        if not self._breaker.is_open:
            self._outbox.put("PUBLISH", topic, data)

    async def subscribe(self, topic):
        """Hear `topic` from now on. Returns once Redis knows, if it answers in time."""
        known = self._listener.add(topic)
        if not (known.done() or self._breaker.is_open):
            await asyncio.wait([known], timeout=TIMEOUT_SECONDS)

    def unsubscribe(self, topic):
        self._listener.remove(topic)

    async def sent(self):
        """Wait until what was published is on its way, or TIMEOUT_SECONDS."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._outbox.wait_empty()

    async def close(self):
        """Say what there is left to say, then leave."""
        if not self._breaker.is_open:
            await self.sent()
        while not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task], timeout=PAUSE_SECONDS)

    async def _run(self):
        """Be connected while Redis is there, and again when it is back."""
        now = asyncio.get_running_loop().time
        missed, losses = None, 0
        # A loss at the moment of the cancellation would hide it.
        while not asyncio.current_task().cancelling():
            if not self._breaker.is_open:
                started = now()
                await self._be_connected(missed)
                losses = 1 if now() - started > STEADY_SECONDS else losses + 1
                missed = self._missed
            await asyncio.sleep(PAUSE_SECONDS * 2 ** min(losses, MOST_DOUBLINGS))

    async def _be_connected(self, missed):
        """Talk until the connection is lost."""
        try:
            await self._talk(missed)
        except* Exception as errors:
            self._breaker.trip(errors.exceptions[0])
        self._listener.forget_answers()

    async def _talk(self, missed):
        async with (
            self._connection() as speaking,
            self._connection() as listening,
            asyncio.TaskGroup() as tasks,
        ):
            # What it says needs no answers; the listener notices when Redis is gone.
            await self._call(speaking, "CLIENT", "REPLY", "ON")
            await speaking.send_command("CLIENT", "REPLY", "OFF")
            tasks.create_task(self._outbox.send_to(speaking))
            tasks.create_task(self._listener.send_to(listening))
            await self._listener.read_from(listening, missed)

    async def _call(self, connection, *command):
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await connection.send_command(*command)
            return await connection.read_response()

    @asynccontextmanager
    async def _connection(self):
        connection = self._pool.make_connection()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await connection.connect()
            yield connection
        finally:
            await connection.disconnect(nowait=True)
