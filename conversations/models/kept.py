"""What every page asks for and hardly ever changes: each process keeps it a moment."""

import time

from django.db import InterfaceError, OperationalError, transaction

# How long a process goes by what it has read.
KEEP_SECONDS = 2.0


class Kept:
    """What `read()` returned, at most KEEP_SECONDS ago; never change it.

    While the database is away it is what was known before, else `otherwise()`; one that
    `insists` raises then what the database does.
    """

    every = []

    def __init__(self, read, otherwise, *, insists=False):
        self._read, self._otherwise = read, otherwise
        self._insists = insists
        self._known, self._read_at = None, 0.0
        self.every.append(self)

    def get(self):
        known, age = self._known, time.monotonic() - self._read_at
        if known is not None and age < KEEP_SECONDS:
            return known
        try:
            return self.keep(self._read())
        except (OperationalError, InterfaceError):
            if known is None and self._insists:
                raise
            return self.keep(self._otherwise() if known is None else known)

    def keep(self, found):
        """Have `found` be what this process goes by, for KEEP_SECONDS; return it."""
        self._known, self._read_at = found, time.monotonic()
        return found

    def keep_nothing(self):
        """Go by what there is without a row."""
        self.keep(self._otherwise())

    def forget(self):
        """Have this process read again, also once this transaction is durable."""
        self._known = None
        transaction.on_commit(self._forget)

    def _forget(self):
        self._known = None
