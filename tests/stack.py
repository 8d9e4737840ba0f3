"""The stack below the site: SQLite in one process, or PostgreSQL and Redis.

`make test` runs the tests on both, side by side. TEST_STACK=postgres has a single run
of pytest use PostgreSQL and Redis; without it, it is SQLite.
"""

import itertools
import os
from contextlib import ExitStack

import pytest

from tests.services import PostgreSQL, Redis

STACK = os.environ.get("TEST_STACK", "sqlite")
# What touches neither the database nor the channel layer: where both stacks are run,
# once is enough. Folders, files, and the beginnings of their names.
ONCE = (
    "tests/commands/test_make.py",
    "tests/llm/",
    "tests/test_demo.py",
    "tests/test_environment.py",
    "tests/test_layers.py",
    "tests/test_rendering",
    "tests/test_services.py",
    "tests/test_tree.py",
)
# What a page looks like, and what it does with the keyboard: two browsers at once take
# most of the minutes. Alone, TEST_STACK=postgres runs these too.
LOOKS = (
    "tests/browser/test_accessibility.py",
    "tests/browser/test_accounts.py",
    "tests/browser/test_administration.py",
    "tests/browser/test_composer.py",
    "tests/browser/test_hostile_text.py",
    "tests/browser/test_thread.py",
)
numbers = itertools.count(1)
_services = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Have the servers there before Django reads its settings."""
    if STACK == "postgres":
        running = ExitStack()
        early_config.add_cleanup(running.close)
        try:
            _services[:] = map(running.enter_context, (PostgreSQL(), Redis()))
        except FileNotFoundError as error:
            raise pytest.UsageError(str(error)) from None
        os.environ.update(environment())
    elif STACK != "sqlite":
        raise pytest.UsageError(f"TEST_STACK is sqlite or postgres, not {STACK}")
    return (yield)


def pytest_collection_modifyitems(config, items):
    """Beside a run on SQLite, leave to it what need not run on PostgreSQL too."""
    is_beside_another = hasattr(config, "workerinput")
    if STACK == "postgres" and is_beside_another:
        once = ONCE + LOOKS
        left = [item for item in items if item.nodeid.startswith(once)]
        items[:] = [item for item in items if not item.nodeid.startswith(once)]
        config.hook.pytest_deselected(items=left)


def environment():
    """Return the variables that give one more site a database on this stack.

    On SQLite there are none: the database is a file in the site's folder.
    """
    if not _services:
        return {}
    postgres, redis = _services
    name = f"site_{next(numbers)}"
    return {"DATABASE_URL": postgres.url(name), "REDIS_URL": redis.url}
