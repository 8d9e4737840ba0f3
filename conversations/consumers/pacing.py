import asyncio
import time

# What a page sends when it comes back: all that waited, and what it misses.
AT_ONCE = 200
A_SECOND = 50


class Pace:
    """How quickly the frames of one socket are taken, whatever comes."""

    def __init__(self):
        self._left, self._at = AT_ONCE, time.monotonic()

    async def wait(self):
        """Return when the next frame is to be taken: most often at once."""
        now = time.monotonic()
        grown = self._left + (now - self._at) * A_SECOND
        self._left, self._at = min(AT_ONCE, grown) - 1, now
        if self._left < 0:
            await asyncio.sleep(-self._left / A_SECOND)
