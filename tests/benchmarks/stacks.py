"""What the site can run on: one process or two, with or without servers of its own."""

import atexit
import contextlib
import dataclasses
import functools
import itertools
import traceback

from tests.services import PostgreSQL, Redis

from .figures import Figure
from .processes import cpu_seconds
from .servers import Site, Upstream, run


@dataclasses.dataclass(frozen=True)
class Stack:
    key: str
    label: str
    processes: int = 1
    has_servers: bool = False  # PostgreSQL and Redis, not SQLite and memory

    def environment(self):
        """Return the settings for one more site, with a new, migrated database."""
        if not self.has_servers:
            return {}
        return {"DATABASE_URL": new_database(), "REDIS_URL": redis().url}

    def servers_cpu_seconds(self):
        """Return the CPU time so far of PostgreSQL and of Redis, if there are any."""
        if not self.has_servers:
            return ()
        return cpu_seconds(postgres().pid), cpu_seconds(redis().pid)


STACKS = (
    Stack("one", "one process, SQLite"),
    Stack("one_postgres", "one process, PostgreSQL + Redis", has_servers=True),
    Stack("two", "two processes, PostgreSQL + Redis", processes=2, has_servers=True),
)


def on_each(row, measure):
    """Return the Figures of `measure(stack)` for each; a failure costs no other."""
    figures = []
    for stack in STACKS:
        try:
            figures += measure(stack)
        except Exception:
            traceback.print_exc()
            figures.append(Figure(row, ("failed",), stack=stack.key))
    return figures


@contextlib.contextmanager
def standing(stack, **paced):
    """Run an Upstream, and a Site on `stack` that asks it, for the `with` block."""
    environment = stack.environment()
    with (
        Upstream(**paced) as upstream,
        Site(upstream.base_url, processes=stack.processes, env=environment) as site,
    ):
        yield upstream, site


@functools.cache
def postgres():
    return _started(PostgreSQL())


@functools.cache
def redis():
    return _started(Redis())


def _started(daemon):
    atexit.register(daemon.close)
    return daemon.__enter__()


_numbers = itertools.count(1)


def new_database():
    """Return the URL of a copy of one database that was migrated."""
    import psycopg

    name = f"site_{next(_numbers)}"
    _migrated()
    with psycopg.connect(postgres().url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
    return postgres().url(name)


@functools.cache
def _migrated():
    env = {"DATABASE_URL": postgres().url("migrated"), "REDIS_URL": redis().url}
    run("manage.py", "migrate", "-v", "0", env=env)
