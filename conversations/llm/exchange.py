"""One answer, read as it arrives and timed while it is waited for."""

import asyncio

from django.conf import settings

from . import client
from .errors import ProviderError, request_id_of
from .reply import Reply
from .sse import EventParser

# How long a reply that gave its finish reason is waited for, for its usage, and one
# that is complete for its last bytes, after which its connection can serve again.
USAGE_SECONDS, LAST_BYTES_SECONDS = 5.0, 0.1
FLOOD_BYTES = 8192


class Exchange:
    """The answer to one chat request: `read` until None, then `end`, then `finish`.

    Deadlines are times of the loop. What went wrong is raised by `finish`, so that
    everything good before it was returned.
    """

    def __init__(
        self, response, *, first_deadline: float, last_deadline: float, gather=None
    ):
        self.reply = Reply(request_id=request_id_of(response.headers))
        self._chunks = client.chunks_of(response)
        self._parser = EventParser()
        self._watch = Watch(response)
        self._now = asyncio.get_running_loop().time
        self._deadline, self._last_deadline = first_deadline, last_deadline
        self._gap_seconds = settings.OPENAI_GAP_TIMEOUT_SECONDS
        self._gather, self._more_waits = gather, False
        self._gathering = None
        client.on_end(response, self._stop_gathering)
        self._has_news = self._is_over = False
        self._failure = None

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._watch.cancel()

    async def read(self) -> list | None:
        """Wait for more and return the deltas in it; None after the last."""
        if self._parser.done and not self._is_over:
            self._is_over, self._deadline = True, self._now() + LAST_BYTES_SECONDS
            await self._receive()
        if self._is_over:
            return None
        if self._has_news:
            self._has_news = False
            await self._let_gather()
            self._extend_deadline()
        data = await self._receive()
        self._more_waits = len(data) > FLOOD_BYTES
        if self._more_waits:
            await asyncio.sleep(0)  # as more is there already, the loop never waits
        return self._take(self._parser.feed(data)) if data else None

    async def _let_gather(self):
        may_gather = self._gather is not None and self.reply.has_started
        if may_gather and not self._more_waits and self.reply.finish_reason is None:
            self._gathering = self._gather()
            await self._gathering

    def _stop_gathering(self):
        if self._gathering is not None and not self._gathering.done():
            self._gathering.set_result(None)

    def end(self) -> list:
        """Return the deltas that only the end of the body made certain."""
        pieces = [] if self._is_over else self._take(self._parser.end())
        try:
            self.reply.flush()
        except ProviderError as error:
            self._fail(error)
        return pieces + self.reply.drain()

    def finish(self) -> list:
        """Return usage and finish. Raises the ProviderError that ended the reply."""
        try:
            if self._failure is not None:
                raise self._failure
            return self.reply.finish()
        except ProviderError as error:
            error.request_id = error.request_id or self.reply.request_id
            raise

    async def _receive(self):
        """Return the next bytes of the body, none at its end or on a failure."""
        self._watch.start(min(self._deadline, self._last_deadline))
        try:
            return await anext(self._chunks)
        except StopAsyncIteration:
            return b""
        except client.transport_errors() as error:
            expired = self._watch.expired
            self._fail(self._timeout() if expired else client.body_error(error))
            return b""
        finally:
            self._watch.stop()

    def _take(self, events):
        try:
            for event in events:
                self.reply.take(event)
                self._has_news = True
        except ProviderError as error:
            self._fail(error)
        return self.reply.drain()

    def _fail(self, error):
        # A reply that gave its finish reason is complete, whatever comes after.
        if not self._is_over and self.reply.finish_reason is None:
            self._failure = error
        self._is_over = True

    def _extend_deadline(self):
        """Wait for the next event from now on; mere comments do not count as one."""
        if self.reply.finish_reason is not None:
            self._deadline = self._now() + USAGE_SECONDS
        elif self.reply.has_started:
            self._deadline = self._now() + self._gap_seconds

    def _timeout(self):
        if self._now() >= self._last_deadline:
            return ProviderError("too_long")
        return ProviderError("stalled" if self.reply.has_started else "slow_to_start")


class Watch:
    """Closes a response that lets its reader wait past a deadline.

    A tenth of the price of asyncio.timeout for each read: its timer is only moved
    when it rings.
    """

    def __init__(self, response):
        self.expired = False
        self._response = response
        self._loop = asyncio.get_running_loop()
        self._deadline = self._timer = self._closing = None

    def start(self, deadline: float):
        self._deadline = deadline
        if self._timer is None or deadline < self._timer.when():
            self.cancel()
            self._timer = self._loop.call_at(deadline, self._ring)

    def stop(self):
        self._deadline = None

    def cancel(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self):
        self._timer = None
        if self._deadline is None:
            return
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._ring)
            return
        self.expired = True
        # The read that waits now fails with a transport error.
        self._closing = self._loop.create_task(self._response.aclose())
