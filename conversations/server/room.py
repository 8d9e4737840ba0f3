import asyncio

# A reader whose buffers stay full for so long is cut off.
STALLED_SECONDS = 25


class Room:
    """Whether a reader takes what it is sent.

    Daphne writes without looking; one unread socket then takes all memory there is.
    """

    __slots__ = ("_freed",)

    def __init__(self):
        self._freed = None

    def fill(self):
        if self._freed is None:
            self._freed = asyncio.get_running_loop().create_future()

    def clear(self):
        freed, self._freed = self._freed, None
        if freed is not None and not freed.done():
            freed.set_result(None)

    async def wait(self):
        """Wait until there is room; TimeoutError when the reader takes nothing more."""
        if self._freed is not None:
            await asyncio.wait_for(asyncio.shield(self._freed), STALLED_SECONDS)
