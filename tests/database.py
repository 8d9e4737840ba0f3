"""The rows of a site under test, made and read by the product's own code."""

import asyncio
import importlib
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.patience import PATIENCE_SECONDS


class Database:
    """Runs the functions of the module `rows` in a process with the site's settings.

    `database.add_user("alice")` calls `rows.add_user`; in a test with a loop of its own
    it is `await database.ask("add_user", "alice")`. Here, a loop forbids the ORM, and
    the settings are those of the other tests.
    """

    def __init__(self, environment, rows):
        self._rows = rows
        self._pool = ProcessPoolExecutor(
            1,
            mp_context=get_context("spawn"),
            initializer=connect,
            initargs=(dict(environment),),
        )

    def __getattr__(self, name):
        def call(*arguments, **named):
            return self._begin(name, arguments, named).result(PATIENCE_SECONDS)

        return call

    async def ask(self, name, *arguments, **named):
        """Call `rows.<name>` while the loop goes on."""
        return await asyncio.wrap_future(self._begin(name, arguments, named))

    def _begin(self, name, arguments, named):
        return self._pool.submit(run, self._rows, name, arguments, named)

    def close(self):
        self._pool.shutdown()


def connect(environment):
    os.environ.clear()
    os.environ.update(environment)
    importlib.import_module("django").setup()


def run(rows, name, arguments, named):
    # Only here are the models' settings there. A database that was away is back.
    importlib.import_module("django.db").close_old_connections()
    return getattr(importlib.import_module(rows), name)(*arguments, **named)
