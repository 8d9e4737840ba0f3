"""The servers that the tests start: they come back as they were, and always end."""

import os
import select
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
from redis.exceptions import ConnectionError as Away
from redis.exceptions import TimeoutError as Silent

from tests.environment import ROOT
from tests.patience import PATIENCE_SECONDS
from tests.services import PostgreSQL, Redis


@pytest.fixture(scope="module")
def postgres():
    with PostgreSQL() as postgres:
        yield postgres


@pytest.fixture
def database(postgres):
    with Redis() as database:
        yield database


def test_each_name_is_a_database_of_its_own_made_once(postgres):
    for name in ("one", "two", "one"):
        with psycopg.connect(postgres.url(name)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS names (name text)")
            connection.execute("INSERT INTO names VALUES (%s)", [name])
    with psycopg.connect(postgres.url("one")) as connection:
        assert connection.execute("SELECT name FROM names").fetchall() == [("one",)] * 2


def test_postgresql_comes_back_at_the_same_port_with_its_data(postgres):
    with psycopg.connect(postgres.url("kept")) as connection:
        connection.execute("CREATE TABLE kept ()")
    postgres.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres.url("kept"))
    postgres.start()
    with psycopg.connect(postgres.url("kept")) as connection:
        connection.execute("SELECT FROM kept")


def test_redis_comes_back_at_the_same_port_empty(database):
    with redis.Redis.from_url(database.url) as client:
        client.set("key", "value")
        database.stop()
        with pytest.raises(Away):
            client.get("key")
        database.start()
        assert client.get("key") is None


def test_what_cannot_be_installed_gets_one_sentence(monkeypatch):
    tried = []
    monkeypatch.setattr("tests.debian.install", tried.append)
    monkeypatch.setattr(Redis, "program", "no-such-server")
    with pytest.raises(FileNotFoundError, match=r"apt install redis-server\)\.$"):
        Redis()
    assert tried == ["redis-server"]


def test_redis_forgets_what_is_flushed(database):
    with redis.Redis.from_url(database.url) as client:
        client.set("key", "value")
        database.flush()
        assert client.get("key") is None


def test_a_paused_redis_keeps_its_connections_and_answers_later(database):
    with redis.Redis.from_url(database.url, socket_timeout=0.1) as client:
        client.set("key", "value")
        database.pause()
        with pytest.raises(Silent):
            client.get("key")
        database.resume()
    with redis.Redis.from_url(database.url) as client:
        assert client.get("key") == b"value"


SERVERS = """
import sys
from tests.services import PostgreSQL, Redis

with PostgreSQL() as postgres, Redis() as redis:
    redis.pause()
    for server in (postgres, redis):
        print(server.pid, server.guard_pid, server.folder, flush=True)
    sys.stdin.read()
"""


def test_nothing_is_left_when_the_tests_are_killed():
    tests = subprocess.Popen(
        [sys.executable, "-c", SERVERS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with tests:
        servers = [tests.stdout.readline().split() for _ in range(2)]
        ends = [os.pidfd_open(int(pid)) for pair in servers for pid in pair[:2]]
        tests.kill()
    for end in ends:
        ended, _, _ = select.select([end], [], [], PATIENCE_SECONDS)
        os.close(end)
        assert ended, "a server goes on without its tests"
    assert [folder for *_, folder in servers if Path(folder).exists()] == []
