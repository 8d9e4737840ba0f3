"""WebSockets: their limits, their compression, their readers."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.patience import PATIENCE_SECONDS

from .conftest import read_all

LIMIT = {"CHAT_MAX_MESSAGE_CHARACTERS": "1000"}
MOST = 12 * 1000 + 65_536


@asynccontextmanager
async def opened(site, path="/", **options):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"ws://127.0.0.1:{site.port}{path}", max_msg_size=0, **options
        ) as socket,
    ):
        yield socket


async def test_longest_message_arrives(served):
    async with opened(served(**LIMIT)) as socket:
        await socket.send_str("x" * MOST)
        assert await socket.receive_str() == f"took {MOST}"


@pytest.mark.parametrize("compression", ["False", "True"])
async def test_longer_message_is_refused_and_the_browser_hears_why(served, compression):
    site = served(WEBSOCKET_COMPRESSION=compression, **LIMIT)
    async with opened(site, compress=15) as socket:
        await socket.send_str("x" * (MOST + 1))
        await socket.receive()
        assert socket.close_code == 1009


async def test_what_we_send_has_no_such_limit(served):
    async with opened(served(**LIMIT)) as socket:
        await socket.send_str("long")
        assert len(await socket.receive_str()) == 3_000_000


async def test_messages_are_compressed_where_that_is_set(served):
    site = served(WEBSOCKET_COMPRESSION="True")
    async with opened(site, compress=15) as socket:
        assert socket.compress
        for text in ("one", "two" * 1000, "long"):
            await socket.send_str(text)
            answer = await socket.receive_str()
            assert answer == f"took {len(text)}" or len(answer) == 3_000_000


async def test_messages_are_not_compressed_by_default(served):
    async with opened(served(), compress=15) as socket:
        assert not socket.compress


async def test_socket_that_answers_no_ping_is_closed(served):
    site = served(ping_interval=0.5, ping_timeout=3)
    async with opened(site, autoping=False) as dead, opened(site) as alive:
        answering = asyncio.create_task(alive.receive_str())
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not dead.closed:
                await dead.receive()
        await alive.send_str("still here")
        assert await answering == "took 10"


async def test_socket_that_is_not_read_is_cut_off(served):
    site = served(**{"server.room.STALLED_SECONDS": 1})
    with site.connect() as unread:
        unread.sendall(HANDSHAKE)
        assert b" 101 " in unread.recv(1000)
        unread.sendall(masked(b"pour"))
        await asyncio.to_thread(site.until, "is not read: cut off")
    site.until("left with 1006")
    async with opened(site) as other:
        await other.send_str("hello")
        assert await other.receive_str() == "took 5"


async def test_more_than_is_taken_waits_at_its_sender(served):
    site = served()
    async with opened(site) as socket:
        await socket.send_str("idle")
        for _ in range(100):
            await socket.send_str("x" * 1000)
        await asyncio.to_thread(site.until, "sends more than is taken")
        await asyncio.to_thread(site.ask, "/go")
        assert await socket.receive_str() == "took 4"
        for _ in range(100):
            assert await socket.receive_str() == "took 1000"


async def test_who_sends_scraps_without_end_is_cut_off(served):
    site = served(**{"server.sockets.SCRAPS_A_SECOND": 0})
    begun, more, ping, pong = b"\x01\x80", b"\x00\x80", b"\x89\x80", b"\x8a\x80"
    for first, scrap in ((begun, more), (b"", ping), (b"", pong)):
        with site.connect() as sender:
            sender.sendall(HANDSHAKE)
            assert b" 101 " in sender.recv(1000)
            scraps = first and first + MASK
            sender.sendall(scraps + (scrap + MASK) * 900)
            assert not site.log.count("sends scraps alone")
            sender.sendall((scrap + MASK) * 200)
            await asyncio.to_thread(read_all, sender)
        site.until("sends scraps alone: cut off")
        site.log = ""


async def test_socket_is_a_line_when_it_comes_and_when_it_goes(served):
    site = served()
    async with opened(site, "/ws/somewhere/?token=private"):
        site.until("chatsite.access: socket /ws/somewhere/ connected\n")
    site.until("chatsite.access: socket /ws/somewhere/ disconnected\n")
    assert "private" not in site.log


HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


MASK = bytes(4)  # of zeros: it changes nothing


def masked(text):
    """Return a text frame as a browser sends it, under a mask of zeros."""
    return bytes([0x81, 0x80 | len(text)]) + MASK + text
