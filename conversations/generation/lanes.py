"""The threads in which replies use the database, each with a connection of its own.

All other database calls of a process share one thread, where a page's slow query would
keep the replies from being saved.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from channels.db import database_sync_to_async
from django.db import connections


class Lane:
    """One thread, which runs what it is given in order."""

    def __init__(self, name):
        self._name = name
        self._thread = None

    async def run(self, function, *args, **named):
        """Run `function` in the thread, its connection looked after as in a request."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        run = database_sync_to_async(
            function, thread_sensitive=False, executor=self._thread
        )
        return await run(*args, **named)

    async def close(self):
        """End the thread and its connection, once it has done what it was given."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.wrap_future(thread.submit(connections.close_all))
            thread.shutdown()


# What grows is saved every second, whatever is being ended meanwhile.
saving = Lane("saving")
settling = Lane("settling")
