"""Connections: made, kept, lost and left."""

import asyncio

import pytest

from conversations import llm
from conversations.llm import TextDelta
from tests.fakes import CUT, HANG, RESET, Raw, ScriptedProvider

from .asking import (
    ASK,
    SHORT_SECONDS,
    a_server_that_lets_nobody_in,
    a_server_that_says,
    ask,
    port_of,
)


# ── connections ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:9/v1",
        "http://nowhere.invalid/v1",
        "ftp://127.0.0.1/v1",
        "http://[/v1",
        "127.0.0.1:8000",
        "",
    ],
)
async def test_an_address_where_nobody_is_is_unreachable(provider, base_url):
    seen = await ask(provider, endpoint=llm.Endpoint(base_url, "key"))
    assert seen.outcome == "unreachable"


async def test_a_server_without_tls_is_unreachable_by_https(provider):
    async with await a_server_that_says(b"HTTP/1.1 400 Bad Request\r\n\r\n") as other:
        endpoint = llm.Endpoint(f"https://127.0.0.1:{port_of(other)}/v1", "key")
        assert (await ask(provider, endpoint=endpoint)).outcome == "unreachable"


async def test_a_server_that_lets_nobody_in_is_unreachable(provider, settings):
    settings.OPENAI_CONNECT_TIMEOUT_SECONDS = SHORT_SECONDS
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = 10 * SHORT_SECONDS
    with a_server_that_lets_nobody_in() as port:
        endpoint = llm.Endpoint(f"http://127.0.0.1:{port}/v1", "key")
        assert (await ask(provider, endpoint=endpoint)).outcome == "unreachable"


async def test_a_connection_that_takes_too_long_is_unreachable(provider, settings):
    settings.OPENAI_CONNECT_TIMEOUT_SECONDS = SHORT_SECONDS
    settings.OPENAI_MAX_CONNECTIONS = 1
    provider.reply_pieces([HANG])
    waiting = asyncio.ensure_future(ask(provider))
    await provider.request_arrived()
    assert (await ask(provider)).outcome == "unreachable"
    waiting.cancel()


async def test_a_key_that_no_header_can_carry_is_rejected(provider):
    for key in ("clé", "line\nbreak"):
        seen = await ask(provider, endpoint=llm.Endpoint(provider.base_url, key))
        assert seen.outcome == "key_rejected"
    assert provider.requests == []


async def test_an_empty_key_is_fine_where_none_is_wanted(provider):
    with ScriptedProvider(api_key=None) as open_provider:
        seen = await ask(open_provider)
    assert seen.outcome == "stop"


async def test_a_finished_reply_leaves_its_connection_for_the_next(provider):
    before = provider.connection_count
    for _ in range(3):
        assert (await ask(provider)).outcome == "stop"
    assert provider.connection_count == before + 1


async def test_no_more_connections_are_opened_than_set(provider, settings):
    settings.OPENAI_MAX_CONNECTIONS = 2
    before = provider.connection_count
    replies = await asyncio.gather(*(ask(provider) for _ in range(8)))
    assert {seen.outcome for seen in replies} == {"stop"}
    assert provider.connection_count == before + 2


@pytest.mark.parametrize("step", [CUT, RESET])
async def test_a_connection_lost_before_the_reply_is_tried_again(provider, step):
    provider.no_headers(step)
    provider.reply_pieces([step])
    provider.reply("At last")
    assert (await ask(provider)).text == "At last"
    provider.no_headers(step, times=3)
    assert (await ask(provider)).outcome == "connection_lost"


@pytest.mark.parametrize("step", [CUT, RESET])
async def test_a_connection_lost_midway_keeps_the_text(provider, step):
    shown = asyncio.Event()
    hold = provider.hold()
    provider.reply_pieces(["Half of it", hold, step])
    asking = asyncio.ensure_future(ask(provider, on_event=lambda _: shown.set()))
    await shown.wait()
    hold.release()
    seen = await asking
    assert (seen.text, seen.outcome) == ("Half of it", "connection_lost")
    assert seen.error.request_id == "chatcmpl-scripted"


# ── leaving ───────────────────────────────────────────────────────────────────────────
async def test_cancelling_closes_the_connection_at_once(provider):
    shown = asyncio.Event()
    provider.reply_pieces(["Half", HANG])
    asking = asyncio.ensure_future(ask(provider, on_event=lambda _: shown.set()))
    await shown.wait()
    asking.cancel()
    await provider.requests[0].client_left()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_cancelling_before_the_headers_closes_the_connection(provider):
    provider.no_headers(HANG)
    asking = asyncio.ensure_future(ask(provider))
    request = await provider.request_arrived()
    asking.cancel()
    await request.client_left()


async def test_closing_the_generator_closes_the_connection(provider):
    provider.reply_pieces(["Half", HANG])
    events = llm.stream_chat(provider.endpoint, ASK)
    assert await anext(events) == TextDelta("Half")
    await events.aclose()
    await provider.requests[0].client_left()


async def test_a_next_message_works_after_every_failure(provider):
    provider.fail(401)
    provider.raw_reply(Raw(b"data: {oops\n\n"))
    provider.reply_pieces(["Half", CUT])
    for _ in range(3):
        assert (await ask(provider)).error
    assert (await ask(provider)).text == provider.default_text
