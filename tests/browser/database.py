"""The rows of the site under test, made and read by the product's own code."""

import importlib
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.fakes_wire import PATIENCE_SECONDS


class Database:
    """Runs the functions of `rows` in a process that has the site's settings.

    `database.add_user("alice")` calls `rows.add_user`. Here, the loop that drives the
    browser forbids the ORM, and the settings are those of the other tests.
    """

    def __init__(self, environment):
        self._pool = ProcessPoolExecutor(
            1,
            mp_context=get_context("spawn"),
            initializer=connect,
            initargs=(dict(environment),),
        )

    def __getattr__(self, name):
        def call(*arguments, **named):
            job = self._pool.submit(run, name, arguments, named)
            return job.result(PATIENCE_SECONDS)

        return call

    def close(self):
        self._pool.shutdown()


def connect(environment):
    os.environ |= environment
    importlib.import_module("django").setup()


def run(name, arguments, named):
    # Only here are the models' settings there.
    rows = importlib.import_module("tests.browser.rows")
    return getattr(rows, name)(*arguments, **named)
