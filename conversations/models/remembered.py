"""What a process need not ask the database again for a moment."""

import time

SECONDS = 2


class Remembered:
    """Calls `load` and returns what it returned for SECONDS, in this process.

    What other processes change is known here that much later at most.
    """

    def __init__(self, load):
        self._load = load
        self.forget()

    def __call__(self):
        now = time.monotonic()
        if now > self._until:
            self._value, self._until = self._load(), now + SECONDS
        return self._value

    def forget(self):
        self._value, self._until = None, -1.0
