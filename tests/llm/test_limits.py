"""Limits of time and of size."""

import asyncio
import gzip

from conversations import llm
from conversations.llm import TextDelta
from tests.fakes import HANG, Delta, Flood, Pause, Raw

from .asking import ASK, SHORT_SECONDS, ask

ASKING_SECONDS = 5 * SHORT_SECONDS  # in which a question arrives on a busy machine, too


# ── time limits ───────────────────────────────────────────────────────────────────────
async def test_no_headers_in_time_is_slow_to_start(provider, settings):
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = ASKING_SECONDS
    provider.no_headers(HANG)
    assert (await ask(provider)).outcome == "slow_to_start"
    await provider.requests[0].client_left()
    assert len(provider.requests) == 1


async def test_headers_without_a_token_in_time_are_slow_to_start(provider, settings):
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = ASKING_SECONDS
    provider.reply_pieces([Raw(b": still working\n\n"), HANG])
    assert (await ask(provider)).outcome == "slow_to_start"
    await provider.requests[0].client_left()


async def test_a_gap_that_is_too_long_is_stalled_and_keeps_the_text(provider, settings):
    settings.OPENAI_GAP_TIMEOUT_SECONDS = SHORT_SECONDS
    provider.reply_pieces(["Half", HANG])
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half", "stalled")
    await provider.requests[0].client_left()


async def test_comments_do_not_fill_a_gap(provider, settings):
    settings.OPENAI_GAP_TIMEOUT_SECONDS = SHORT_SECONDS
    comment = [Raw(b": still working\n\n"), Pause(SHORT_SECONDS / 4)]
    provider.reply_pieces(["Half", *(comment * 40)])
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half", "stalled")


async def test_a_slow_but_steady_reply_is_no_gap(provider, settings):
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = 2 * SHORT_SECONDS
    settings.OPENAI_GAP_TIMEOUT_SECONDS = 2 * SHORT_SECONDS
    provider.reply_pieces([Pause(SHORT_SECONDS), "word "] * 6)
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("word " * 6, "stop")


async def test_a_reply_over_the_total_time_is_too_long(provider, settings):
    settings.OPENAI_TOTAL_TIMEOUT_SECONDS = SHORT_SECONDS
    provider.reply_pieces(["Half", HANG])
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half", "too_long")


async def test_time_spent_by_the_reader_is_no_gap(provider, settings):
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = SHORT_SECONDS
    settings.OPENAI_GAP_TIMEOUT_SECONDS = SHORT_SECONDS
    hold = provider.hold()
    provider.reply_pieces(["Half", hold, " and half"])
    events = llm.stream_chat(provider.endpoint, ASK)
    texts = [(await anext(events)).text]
    loop = asyncio.get_running_loop()
    later = asyncio.Event()
    loop.call_later(2 * SHORT_SECONDS, later.set)
    await later.wait()
    hold.release()
    texts += [event.text async for event in events if isinstance(event, TextDelta)]
    assert "".join(texts) == "Half and half"


async def test_usage_that_never_comes_does_not_spoil_a_finished_reply(
    provider, monkeypatch
):
    monkeypatch.setattr("conversations.llm.exchange.USAGE_SECONDS", SHORT_SECONDS)
    end = Raw(b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n')
    provider.raw_reply("All of it", end, HANG)
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("All of it", "stop")


# ── size limits ───────────────────────────────────────────────────────────────────────
async def test_a_line_of_50_mb_is_too_big(provider):
    provider.reply_pieces(["Half", Flood(50 * 1024**2)])
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half", "too_big")
    await provider.requests[0].client_left()


async def test_a_line_over_its_limit_is_too_big_before_the_body_is(provider):
    provider.reply_pieces(["Half", Flood(2 * 1024**2), HANG])
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half", "too_big")


async def test_a_json_answer_of_50_mb_is_too_big(provider):
    provider.raw_reply(Raw(b'{"choices": "'), Flood(50 * 1024**2))
    assert (await ask(provider)).outcome == "too_big"


async def test_a_bomb_of_compressed_bytes_is_too_big(provider):
    bomb = gzip.compress(b"data: " + b"x" * 50_000_000)
    provider.raw_reply(Raw(bomb), headers={"Content-Encoding": "gzip"})
    assert (await ask(provider)).outcome == "too_big"


async def test_a_body_over_its_limit_is_too_big(provider, settings):
    settings.OPENAI_MAX_BODY_BYTES = 20_000
    provider.reply("word " * 1000, chunk=5)
    seen = await ask(provider)
    assert seen.outcome == "too_big"
    assert seen.text.startswith("word word ")


async def test_text_over_its_limit_is_too_big_and_kept_up_to_it(provider, settings):
    settings.OPENAI_MAX_TEXT_BYTES = 100
    provider.reply("한" * 50, chunk=1)
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("한" * 33, "too_big")


async def test_reasoning_is_limited_as_text_is(provider, settings):
    settings.OPENAI_MAX_TEXT_BYTES = 100
    provider.reply_pieces([Delta({"reasoning": "한" * 10})] * 5)
    seen = await ask(provider)
    assert (seen.reasoning, seen.outcome) == ("한" * 30, "too_big")
