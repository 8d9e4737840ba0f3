"""Replies as providers write them."""

import gzip
import json

import pytest

from conversations.llm import Finish, Usage
from tests.fakes import CUT, RESET, Delta, Raw

from .asking import ask


# ── replies ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("chunk", [1, 3, 1000])
async def test_a_reply_is_the_text_that_was_sent(provider, chunk):
    text = "Hello **world** — 안녕, 你好, 👩‍👩‍👧 and\n\na second paragraph."
    provider.reply(text, chunk=chunk)
    seen = await ask(provider)
    assert seen.text == text
    assert seen.finish == Finish("stop", "scripted-1", "chatcmpl-scripted")


async def test_the_request_id_is_the_header_where_there_is_one(provider):
    provider.reply("Hi", headers={"x-request-id": "req_123"})
    assert (await ask(provider)).finish.request_id == "req_123"


async def test_usage_comes_once_with_its_parts(provider):
    provider.reply(
        "Hi",
        usage={
            "prompt_tokens": 40,
            "completion_tokens": 9,
            "prompt_tokens_details": {"cached_tokens": 32},
            "completion_tokens_details": {"reasoning_tokens": 4},
        },
    )
    assert (await ask(provider)).usage == Usage(40, 32, 9, 4)


async def test_a_provider_without_usage_is_no_error(provider):
    provider.reply("Hi", usage=False)
    seen = await ask(provider)
    assert (seen.outcome, seen.usage) == ("stop", None)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_is_told_from_the_reply(provider, field):
    provider.reply_pieces([Delta({field: "Let me "}), Delta({field: "see."}), "42"])
    seen = await ask(provider)
    assert (seen.reasoning, seen.text) == ("Let me see.", "42")


@pytest.mark.parametrize("chunk", range(1, 12))
async def test_a_think_tag_at_the_start_is_reasoning_however_it_is_cut(provider, chunk):
    provider.reply("\n<think>\nIs 1 < 2? Yes.</think>\n\nYes, <b>.", chunk=chunk)
    seen = await ask(provider)
    assert seen.reasoning == "\nIs 1 < 2? Yes."
    assert seen.text == "Yes, <b>."


@pytest.mark.parametrize(
    ("sent", "reasoning", "text"),
    [
        ("The tag <think>x</think> is text", "", "The tag <think>x</think> is text"),
        ("<thin", "", "<thin"),
        ("<think>cut off </thi", "cut off </thi", ""),
        (" plain", "", " plain"),
    ],
)
async def test_what_only_resembles_a_think_tag_is_kept(provider, sent, reasoning, text):
    provider.reply(sent, chunk=4, finish="length")
    seen = await ask(provider)
    assert (seen.reasoning, seen.text) == (reasoning, text)


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_a_reply_that_was_cut_short_says_why_even_when_empty(provider, reason):
    provider.reply("Once upon", finish=reason)
    provider.reply("", finish=reason)
    seen, empty = await ask(provider), await ask(provider)
    assert (seen.text, seen.outcome) == ("Once upon", reason)
    assert (empty.text, empty.outcome) == ("", reason)


async def test_a_refusal_is_text(provider):
    provider.reply_pieces([Delta({"refusal": "I will not."})])
    assert (await ask(provider)).text == "I will not."


@pytest.mark.parametrize("done", [True, False])
async def test_without_a_finish_reason_a_reply_is_never_complete(provider, done):
    provider.reply("Half of it", finish=None, done=done)
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half of it", None)


async def test_a_missing_done_after_the_finish_reason_is_forgiven(provider):
    provider.reply("All of it", done=False)
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("All of it", "stop")


@pytest.mark.parametrize("trouble", [CUT, RESET, Raw(b"data: {oops\n\n")])
async def test_trouble_after_the_finish_reason_is_forgiven(provider, trouble):
    hold = provider.hold()
    end = Raw(b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n')
    provider.raw_reply("All of it", end, hold, trouble)
    hold.release()
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("All of it", "stop")


async def test_a_whole_completion_at_once_is_understood(provider):
    message = {"role": "assistant", "content": "All at once"}
    answer = {"choices": [{"message": message, "finish_reason": "stop"}]}
    provider.raw_reply(Raw(json.dumps(answer).encode()))
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("All at once", "stop")


async def test_a_compressed_stream_is_understood(provider):
    body = b'data: {"choices": [{"delta": {"content": "packed"}}]}\n\n'
    provider.raw_reply(Raw(gzip.compress(body)), headers={"Content-Encoding": "gzip"})
    assert (await ask(provider)).text == "packed"


async def test_comments_event_names_and_spelled_out_json_are_understood(provider):
    body = (
        b": PROCESSING\r\n\r\nevent: message\r\nid: 7\r\ndata:{\r\ndata: "
        b'"choices": [{"delta": {"content": "odd"}}]}\r\n\r\n'
    )
    provider.raw_reply(*(Raw(body[at : at + 1]) for at in range(len(body))))
    assert (await ask(provider)).text == "odd"


# ── text that cannot be stored ────────────────────────────────────────────────────────
async def test_an_emoji_cut_in_two_is_joined(provider):
    provider.reply_pieces(["\ud83d", "\ude00 and a lone \udc00 half", " \ud83d"])
    assert (await ask(provider)).text == "😀 and a lone \ufffd half \ufffd"


async def test_nul_is_replaced(provider):
    provider.reply_pieces(["a\0b"])
    assert (await ask(provider)).text == "a\ufffdb"


async def test_bytes_that_are_no_utf8_cost_only_themselves(provider):
    broken = b'data: {"choices": [{"delta": {"content": "caf\xc3"}}]}\n\n'
    provider.reply_pieces(["A ", Raw(broken), " here"])
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("A caf\ufffd here", "stop")


async def test_a_stream_that_ends_inside_a_character_keeps_what_was_whole(provider):
    half = b'data: {"choices": [{"delta": {"content": "caf\xc3'
    provider.raw_reply("A ", Raw(half))
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("A ", None)
