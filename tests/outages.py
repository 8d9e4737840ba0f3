"""What the site says of its Redis, line by line, for tests that take it away."""

import asyncio
import logging
import queue

from tests.patience import PATIENCE_SECONDS


class Witness(logging.Handler):
    """Keeps what is logged of Redis, and lets a test wait for the next line."""

    def __init__(self):
        super().__init__()
        self._lines = queue.Queue()
        self._logger = logging.getLogger("conversations.breaker")

    def __enter__(self):
        self._logger.addHandler(self)
        return self

    def __exit__(self, *error):
        self._logger.removeHandler(self)

    def emit(self, record):
        self._lines.put(record.getMessage())

    def next(self):
        """Return the next line, and wait for it if need be."""
        return self._lines.get(timeout=PATIENCE_SECONDS)

    async def until(self, words):
        """Wait for the next line, which has `words`."""
        line = await asyncio.to_thread(self.next)
        assert words in line

    @property
    def is_quiet(self):
        """Whether nothing was said that no test has taken note of."""
        return self._lines.empty()
