"""An id for each request: into the log, to the client, and through threads."""

import asyncio
import logging
import re

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.test import AsyncClient, Client

from conversations import logs, tracing

FRESH = re.compile(r"[0-9a-f]{16}")


@pytest.fixture(autouse=True)
def _nothing_begun():
    token = tracing._current.set("")
    yield
    tracing._current.reset(token)


@pytest.fixture
def lines():
    """The log as LOG_FORMAT=line writes it."""
    written = []
    handler = logging.Handler()
    handler.setFormatter(logs.LineFormatter())
    handler.emit = lambda record: written.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_nothing_has_an_id_before_it_begins():
    assert tracing.current() == ""


def test_an_id_is_made_where_none_is_given():
    first, second = tracing.begin(), tracing.begin()
    assert FRESH.fullmatch(first)
    assert first != second
    assert tracing.current() == second


@pytest.mark.parametrize("given", ["a", "4f-A.b_9", "x" * 64])
def test_a_sane_id_is_taken(given):
    assert tracing.begin(given) == given == tracing.current()


@pytest.mark.parametrize(
    "given",
    ["", None, "x" * 65, "a b", "a\nb", "a\n", "é", "<b>", "a\r\nSet-Cookie: b"],
)
def test_any_other_is_not(given):
    assert FRESH.fullmatch(tracing.begin(given))


@pytest.mark.parametrize("crossing", [sync_to_async, database_sync_to_async])
@pytest.mark.django_db  # one of them looks after the thread's connection
async def test_it_reaches_what_runs_in_a_thread(crossing):
    given = tracing.begin()
    assert await crossing(tracing.current)() == given


async def test_one_that_begins_in_a_thread_comes_back():
    """As where a synchronous middleware begins it for a site that is asynchronous."""
    given = await sync_to_async(tracing.begin)("abc")
    assert tracing.current() == given


async def test_tasks_side_by_side_have_their_own():
    async def own(given):
        tracing.begin(given)
        await asyncio.sleep(0)
        return tracing.current()

    ids = [f"task-{number}" for number in range(20)]
    assert await asyncio.gather(*map(own, ids)) == ids


def test_the_answer_tells_the_id():
    response = Client().get("/health/live/")
    assert FRESH.fullmatch(response["X-Request-ID"])


def test_the_id_of_the_proxy_is_kept():
    response = Client().get("/health/live/", headers={"X-Request-ID": "proxy-1"})
    assert response["X-Request-ID"] == "proxy-1"


def test_an_id_that_could_forge_a_header_is_not():
    response = Client().get("/health/live/", headers={"X-Request-ID": "a\r\nb: c"})
    assert FRESH.fullmatch(response["X-Request-ID"])


def test_pages_that_are_not_there_tell_it_too():
    response = Client().get("/no/such/page/", headers={"X-Request-ID": "lost-1"})
    assert response["X-Request-ID"] == "lost-1"


async def test_requests_side_by_side_log_their_own(lines):
    async def ask(number):
        headers = {"X-Request-ID": f"ask-{number}"}
        await AsyncClient().get(f"/no/such/page-{number}/", headers=headers)

    await asyncio.gather(*map(ask, range(10)))
    said = re.findall(
        r"\[ask-(\d+)\]: Not Found: /no/such/page-(\d+)/", "\n".join(lines)
    )
    assert sorted(said) == sorted((str(n), str(n)) for n in range(10))
