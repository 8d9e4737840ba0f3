"""Administrators hear of sockets that do not pass: once, and not for ever."""

import logging

import pytest
from django.core.cache import cache

from conversations import reachability


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time of this process, which a test may move."""
    now = [1_000.0]
    monkeypatch.setattr(reachability.time, "monotonic", lambda: now[0])
    reachability._noted_at.clear()
    cache.clear()
    yield now
    reachability._noted_at.clear()
    cache.clear()


def told(caplog):
    return [
        record.message
        for record in caplog.records
        if record.name.endswith("reachability")
    ]


def test_nothing_is_missed_before_a_page_asks_by_plain_http():
    assert not reachability.are_missed()


def test_pages_without_sockets_are_told_of_in_one_line(caplog, clock):
    for _ in range(5):
        reachability.missed()
        clock[0] += 61
    assert reachability.are_missed()
    assert len(told(caplog)) == 1
    assert "Upgrade" in told(caplog)[0]


def test_a_socket_takes_it_back_and_says_so(caplog, clock):
    caplog.set_level(logging.INFO)
    reachability.missed()
    reachability.passed()
    assert not reachability.are_missed()
    assert told(caplog)[-1] == "WebSockets reach this site again."


def test_one_bad_network_is_no_news_where_sockets_pass(caplog, clock):
    reachability.passed()
    reachability.missed()
    assert not reachability.are_missed()
    assert told(caplog) == []


def test_the_cache_is_asked_once_a_minute_at_most(monkeypatch, clock):
    asked = []
    monkeypatch.setattr(reachability, "cache", Counting(asked))
    for _ in range(100):
        reachability.missed()
        reachability.passed()
    count = len(asked)
    assert count <= 5
    clock[0] += 61
    reachability.passed()
    assert len(asked) > count


class Counting:
    """The cache, with a note of each question."""

    def __init__(self, asked):
        self._asked = asked

    def __getattr__(self, name):
        self._asked.append(name)
        return getattr(cache, name)
