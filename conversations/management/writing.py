"""Writes replies while a terminal waits: an event loop in a thread beside it."""

import asyncio
import threading

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connections

from conversations import demo, llm
from conversations.generation import process
from conversations.models import Generation, Message


class Writing:
    """A process that writes replies, for as long as the `with` block lasts.

    The block's own thread stays free to wait for a person, and for signals.
    """

    def __enter__(self):
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live(ready)))
        self._thread.start()
        ready.wait()
        return self

    def __exit__(self, *exc_info):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _live(self, ready):
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        try:
            process.attach(sweeps=False)
        finally:
            ready.set()
        await self._over.wait()
        await process.drain(settings.SHUTDOWN_GRACE_SECONDS)
        await llm.aclose()
        await demo.aclose()
        await database_sync_to_async(connections.close_all)()

    def call(self, action, **named):
        """Do `action` where replies are written, and return what it returns."""
        return self._start(database_sync_to_async(action)(**named)).result()

    def begin(self, action, **named):
        """The same without waiting, as a signal's handler must."""
        self._start(database_sync_to_async(action)(**named))

    def pieces(self, reply):
        """Yield the text of `reply` as it grows, until it has ended."""
        shown, is_open = 0, True
        while is_open:
            text, is_open = self._start(_more(reply.pk, shown)).result()
            yield text[shown:]
            shown = len(text)

    def _start(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)


async def _more(message_id, shown):
    """Wait for more than `shown` characters or the end; return `(text, is_open)`."""
    while True:
        text, is_open = await _look(message_id)
        if len(text) > shown or not is_open:
            return text, is_open
        await asyncio.sleep(settings.GENERATION_FRAME_SECONDS)


async def _look(message_id):
    """The live text; in the database where it has ended or is written elsewhere."""
    if draft := process.draft(message_id):
        return draft.text, True
    return await database_sync_to_async(_saved)(message_id)


def _saved(message_id):
    text, state = Message.objects.values_list("text", "generation__state").get(
        pk=message_id
    )
    return text, state in Generation.OPEN
