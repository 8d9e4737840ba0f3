"""A page of another site cannot open our sockets with its reader's cookies."""

import re

import pytest
from channels.testing import WebsocketCommunicator

from chatsite.asgi import application
from tests.test_headers import said_in_production

LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\]):8000")
LET_IN = """__import__("chatsite.asgi").asgi.application.application_mapping[
    "websocket"].allowed_origins"""


async def is_accepted(origin, path="/ws/me/"):
    headers = [(b"origin", origin.encode())] if origin else []
    socket = WebsocketCommunicator(application, path, headers)
    connected, _ = await socket.connect()
    await socket.disconnect()
    return connected


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://evil.example", "http://127.0.0.1.evil.example:8000"],
)
async def test_foreign_pages_are_refused(transactional_db, origin):
    assert not await is_accepted(origin)


def test_a_site_that_answers_any_host_lets_in_no_other_page():
    first, *on_this_machine = said_in_production(LET_IN, ALLOWED_HOSTS="*")
    assert first == "https://chat.example.org"
    assert all(LOOPBACK.fullmatch(origin) for origin in on_this_machine)


async def test_our_own_pages_are_let_in(transactional_db):
    assert await is_accepted("http://127.0.0.1:8000")


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/me", "/ws/conversations/1/"])
async def test_where_no_socket_is_none_opens(transactional_db, path):
    assert not await is_accepted("http://127.0.0.1:8000", path)


async def test_the_log_names_the_line_that_would_let_them_in(transactional_db, caplog):
    site_origins = application.application_mapping["websocket"]
    site_origins.said_at = float("-inf")
    await is_accepted("http://192.168.1.5:8000")
    await is_accepted("http://192.168.1.6:8000")  # said once a minute
    [said] = [r.getMessage() for r in caplog.records if "SITE_URL" in r.getMessage()]
    assert said.endswith("SITE_URL=http://192.168.1.5:8000")
