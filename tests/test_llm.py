"""The provider client against a server that misbehaves over real HTTP."""

import asyncio
import gzip
import json
import sys

import pytest

from conversations import llm
from conversations.llm import Finish, ProviderError, ReasoningDelta, TextDelta, Usage

from .fakes import (
    CUT,
    HANG,
    RESET,
    Delta,
    Flood,
    Pause,
    Raw,
    ScriptedProvider,
)

ASK = llm.ChatRequest(model="scripted-1", messages=(llm.ChatMessage("user", "Hi"),))
SHORT_SECONDS = 0.2
LONG_HISTORY = tuple(
    llm.ChatMessage(("user", "assistant")[turn % 2], f"line {turn} «é»")
    for turn in range(61)
)


@pytest.fixture(scope="module")
def server():
    with ScriptedProvider() as server:
        yield server


@pytest.fixture
async def provider(server):
    """A provider without a past, and a client that is closed afterwards."""
    server.requests.clear()
    server.forget_scripts()
    yield server
    await llm.aclose()


class Seen:
    """All that one request gave: its text, reasoning, usage, finish or error."""

    def __init__(self):
        self.text = self.reasoning = ""
        self.usage = self.finish = self.error = None

    def add(self, event):
        match event:
            case TextDelta(text=text):
                self.text += text
            case ReasoningDelta(text=text):
                self.reasoning += text
            case Usage():
                self.usage = event
            case Finish():
                self.finish = event

    @property
    def outcome(self):
        return self.error.code if self.error else self.finish.reason


async def ask(provider, request=ASK, *, endpoint=None, on_event=None):
    seen = Seen()
    try:
        async for event in llm.stream_chat(endpoint or provider.endpoint, request):
            seen.add(event)
            if on_event:
                on_event(event)
    except ProviderError as error:
        seen.error = error
    return seen


async def a_server_that_says(line):
    """Start something that answers whatever it is sent by `line`."""

    async def answer(reader, writer):
        await reader.read(1)
        writer.write(line)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


def port_of(server):
    return server.sockets[0].getsockname()[1]


# ── what is sent ──────────────────────────────────────────────────────────────────
async def test_the_whole_history_arrives_in_order_and_in_its_roles(provider):
    await ask(provider, llm.ChatRequest("scripted-1", LONG_HISTORY))
    assert provider.bodies[0]["messages"] == [
        {"role": message.role, "content": message.text} for message in LONG_HISTORY
    ]


async def test_only_the_parameters_that_are_set_are_sent(provider):
    await ask(provider)
    await ask(provider, llm.ChatRequest("m", ASK.messages, 0.7, 0.9, 100))
    assert set(provider.bodies[0]) == {
        "model",
        "messages",
        "stream",
        "stream_options",
    }
    assert provider.bodies[0]["stream_options"] == {"include_usage": True}
    chosen = {"model": "m", "temperature": 0.7, "top_p": 0.9, "max_tokens": 100}
    assert provider.bodies[1].items() >= chosen.items()


@pytest.mark.parametrize(
    ("base_url", "parameter"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "max_completion_tokens"),
        ("https://openai.example/v1", "max_tokens"),
        ("http://127.0.0.1:11434/v1", "max_tokens"),
    ],
)
def test_the_output_limit_has_the_name_its_host_knows(base_url, parameter):
    request = llm.ChatRequest("m", ASK.messages, max_output_tokens=5)
    body = request.body_for(llm.Endpoint(base_url, "key"))
    limits = {"max_tokens", "max_completion_tokens"} & body.keys()
    assert limits == {parameter}


async def test_lone_surrogates_do_not_stop_a_message_from_being_sent(provider):
    text = "half an emoji: \ud83d"
    await ask(provider, llm.ChatRequest("m", (llm.ChatMessage("user", text),)))
    assert provider.bodies[0]["messages"][0]["content"] == "half an emoji: ?"


async def test_the_key_is_sent_and_nothing_of_the_environment(provider, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-machine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-machine")
    await ask(provider)
    headers = provider.requests[0].headers
    assert headers["authorization"] == f"Bearer {provider.api_key}"
    assert "of-the-machine" not in json.dumps(headers)


async def test_proxy_variables_are_not_obeyed(provider, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    seen = await ask(provider)
    assert seen.outcome == "stop"


# ── replies ───────────────────────────────────────────────────────────────────────
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


# ── text that cannot be stored ────────────────────────────────────────────────────
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


# ── errors by status ──────────────────────────────────────────────────────────────
STATUSES = [
    (401, {"code": "invalid_api_key"}, "key_rejected"),
    (403, {}, "forbidden"),
    (404, {"code": "model_not_found"}, "model_missing"),
    (400, {"code": "model_not_found"}, "model_missing"),
    (429, {"code": "insufficient_quota"}, "quota_exhausted"),
    (429, {"type": "insufficient_quota"}, "quota_exhausted"),
    (402, {}, "quota_exhausted"),
    (429, {}, "rate_limited"),
    (400, {"code": "context_length_exceeded"}, "context_too_long"),
    (400, {"message": "maximum context length is 4096 tokens"}, "context_too_long"),
    (413, {}, "context_too_long"),
    (400, {}, "request_refused"),
    (418, {}, "request_refused"),
    (500, {}, "provider_down"),
    (503, {}, "provider_down"),
    (302, {}, "redirected"),
]


@pytest.mark.parametrize(("status", "error", "code"), STATUSES)
async def test_each_status_has_its_code(provider, settings, status, error, code):
    settings.OPENAI_MAX_RETRIES = 0
    provider.fail(status, error=error, headers={"x-request-id": "req_9"})
    seen = await ask(provider)
    assert (seen.outcome, seen.error.status) == (code, status)
    assert seen.error.request_id == "req_9"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, "<html>nginx</html>", "not_an_api"),
        (404, '{"detail": "Not Found"}', "not_an_api"),
        (405, "Method Not Allowed", "not_an_api"),
        (502, "<html>Bad gateway</html>", "provider_down"),
        (429, "slow down", "rate_limited"),
        (400, '{"error": "the model says no"}', "request_refused"),
        (400, "[" * 50_000, "not_an_api"),
        (400, '{"object": "error", "message": "no"}', "request_refused"),
    ],
)
async def test_an_error_that_is_no_json_has_a_code(
    provider, settings, status, body, code
):
    settings.OPENAI_MAX_RETRIES = 0
    provider.fail(status, body=body)
    assert (await ask(provider)).outcome == code


async def test_an_endless_error_page_is_read_only_so_far(provider, settings):
    settings.OPENAI_MAX_RETRIES = 0
    provider.fail(500, body="x" * 50_000_000)
    assert (await ask(provider)).outcome == "provider_down"
    await provider.requests[0].client_left()


async def test_a_redirect_is_not_followed(provider):
    location = f"{provider.base_url}/elsewhere"
    provider.fail(307, headers={"Location": location})
    assert (await ask(provider)).outcome == "redirected"
    assert [request.path for request in provider.requests] == ["/v1/chat/completions"]


async def test_errors_hold_neither_the_key_nor_the_body(provider):
    secret = "what a person wrote"
    provider.fail(400, error={"message": secret})
    seen = await ask(provider)
    shown = str(seen.error) + repr(seen.error) + repr(vars(seen.error))
    assert str(seen.error) == "request_refused (HTTP 400)"
    assert secret not in shown
    assert provider.api_key not in shown + repr(provider.endpoint)


# ── retries ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_passing_failure_is_tried_again(provider, status):
    provider.fail(status, times=2)
    provider.reply("There it is")
    seen = await ask(provider)
    assert (seen.text, len(provider.requests)) == ("There it is", 3)


async def test_a_lasting_failure_is_tried_three_times_in_all(provider):
    provider.fail(500, times=9)
    assert (await ask(provider)).outcome == "provider_down"
    assert len(provider.requests) == 3


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (429, {"error": {"code": "insufficient_quota"}}),
        (401, {}),
        (429, {"headers": {"Retry-After": "21"}}),
        (500, {"headers": {"x-should-retry": "false"}}),
    ],
)
async def test_a_failure_that_would_only_repeat_is_not_tried_again(
    provider, status, how
):
    provider.fail(status, times=3, **how)
    seen = await ask(provider)
    assert seen.error.status == status
    assert len(provider.requests) == 1


async def test_retry_after_is_waited_for_and_reported(provider, monkeypatch):
    waited = []

    async def sleep(seconds, real_sleep=asyncio.sleep):
        waited.append(seconds)
        await real_sleep(0)

    provider.fail(429, headers={"Retry-After": "20"})
    provider.fail(429, headers={"retry-after-ms": "1500"})
    provider.fail(429, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})
    monkeypatch.setattr("conversations.llm.chat.asyncio.sleep", sleep)
    seen = await ask(provider)
    asked = [seconds for seconds in waited if seconds > 1]
    assert 20 < asked[0] < 21
    assert 1.5 < asked[1] < 2.5
    assert seen.error.retry_after_seconds > 1_000_000


async def test_nothing_is_retried_once_text_was_shown(provider):
    shown = asyncio.Event()
    hold = provider.hold()
    provider.reply_pieces(["Half", hold, RESET])
    asking = asyncio.ensure_future(ask(provider, on_event=lambda _: shown.set()))
    await shown.wait()
    hold.release()
    seen = await asking
    assert (seen.text, seen.outcome) == ("Half", "connection_lost")
    assert len(provider.requests) == 1


@pytest.mark.parametrize("name", ["stream_options", "temperature"])
@pytest.mark.parametrize("named_by", ["param", "message", "detail"])
async def test_a_parameter_the_server_refuses_is_left_out(provider, name, named_by):
    if named_by == "detail":
        body = json.dumps({"detail": [{"loc": ["body", name], "msg": "extra"}]})
        provider.fail(422, body=body)
    else:
        provider.fail(400, error={named_by: name})
    provider.reply("Without it")
    request = llm.ChatRequest("m", ASK.messages, temperature=0.5)
    assert (await ask(provider, request)).text == "Without it"
    assert name in provider.bodies[0]
    assert name not in provider.bodies[1]


async def test_a_parameter_that_was_not_sent_is_not_left_out_for_ever(provider):
    provider.fail(400, error={"param": "temperature"}, times=5)
    assert (await ask(provider)).outcome == "request_refused"
    assert len(provider.requests) == 1


# ── connections ───────────────────────────────────────────────────────────────────
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


# ── time limits ───────────────────────────────────────────────────────────────────
async def test_no_headers_in_time_is_slow_to_start(provider, settings):
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = SHORT_SECONDS
    provider.no_headers(HANG)
    assert (await ask(provider)).outcome == "slow_to_start"
    await provider.requests[0].client_left()
    assert len(provider.requests) == 1


async def test_headers_without_a_token_in_time_are_slow_to_start(provider, settings):
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = SHORT_SECONDS
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


# ── what is no reply ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize("body", ["<html>Welcome!</html>", "Ollama is running", "{}"])
async def test_a_200_that_is_no_completion_is_no_api(provider, body):
    provider.page(body)
    assert (await ask(provider)).outcome == "not_an_api"


async def test_something_that_speaks_no_http_is_no_api(provider):
    async with await a_server_that_says(
        b"-ERR unknown command 'POST'\r\n\r\n"
    ) as other:
        endpoint = llm.Endpoint(f"http://127.0.0.1:{port_of(other)}/v1", "key")
        assert (await ask(provider, endpoint=endpoint)).outcome == "not_an_api"


@pytest.mark.parametrize("text", ["", " \n"])
async def test_a_reply_without_text_is_empty(provider, text):
    provider.reply(text)
    assert (await ask(provider)).outcome == "empty_reply"


async def test_a_body_without_a_byte_is_empty(provider):
    provider.raw_reply()
    assert (await ask(provider)).outcome == "empty_reply"


async def test_reasoning_alone_is_kept_but_is_no_reply(provider):
    provider.reply("<think>Hm.</think>")
    seen = await ask(provider)
    assert (seen.reasoning, seen.outcome) == ("Hm.", "empty_reply")


async def test_a_tool_call_alone_is_an_error_and_with_text_a_finish(provider):
    call = Delta({"tool_calls": [{"index": 0, "function": {"name": "search"}}]})
    provider.reply_pieces([call], finish="tool_calls")
    provider.reply_pieces(["Let me look.", call], finish="tool_calls")
    assert (await ask(provider)).outcome == "tool_call"
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Let me look.", "tool_calls")


@pytest.mark.parametrize(
    "line",
    [
        b"data: {oops\n\n",
        b"data: 7\n\n",
        b'data: {"choices": 7}\n\n',
        b'data: {"choices": ["a"]}\n\n',
        b'data: {"choices": [{"delta": {"content": 7}}]}\n\n',
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
async def test_malformed_events_end_the_reply_and_keep_its_text(provider, line):
    start = Raw(b'data: {"choices": [{"delta": {"content": "Half"}}]}\n\n' + line)
    provider.raw_reply(start, HANG)
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half", "malformed")
    await provider.requests[0].client_left()


async def test_broken_compression_is_malformed(provider):
    provider.raw_reply(Raw(b"not gzip"), headers={"Content-Encoding": "gzip"})
    assert (await ask(provider)).outcome == "malformed"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"code": "context_length_exceeded"}, "context_too_long"),
        ({"code": 429, "message": "Slow down"}, "rate_limited"),
        ({"message": "The engine died"}, "provider_down"),
    ],
)
async def test_an_error_sent_as_an_event_has_its_code(provider, error, code):
    event = Raw(b"data: " + json.dumps({"error": error}).encode() + b"\n\n")
    provider.reply_pieces(["Half", event])
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("Half", code)


# ── size limits ───────────────────────────────────────────────────────────────────
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


# ── leaving ───────────────────────────────────────────────────────────────────────
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


# ── the rest of the interface ─────────────────────────────────────────────────────
async def test_complete_returns_the_text_without_its_reasoning(provider):
    provider.reply("<think>Hm.</think>A title", chunk=2)
    assert await llm.complete(provider.endpoint, ASK) == "A title"


async def test_complete_raises_what_went_wrong(provider):
    provider.fail(403)
    with pytest.raises(ProviderError, match="forbidden"):
        await llm.complete(provider.endpoint, ASK)


async def test_models_are_listed_by_name(provider):
    assert await llm.list_models(provider.endpoint) == ["scripted-1", "scripted-2"]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"status": 401}, "key_rejected"),
        ({"status": 200, "body": "<html>"}, "not_an_api"),
        ({"status": 200, "body": '{"data": [1]}'}, "not_an_api"),
        ({"status": 200, "body": "x" * 17_000_000}, "too_big"),
    ],
)
async def test_a_list_of_models_that_fails_has_its_code(provider, how, code):
    provider.fail(path="/v1/models", **how)
    with pytest.raises(ProviderError) as failure:
        await llm.list_models(provider.endpoint)
    assert failure.value.code == code


async def test_the_library_writes_nothing_of_a_conversation_to_the_log(
    provider, caplog
):
    caplog.set_level("DEBUG")
    await ask(provider)
    logged = [record for record in caplog.records if "asyncio" not in record.name]
    assert logged == []


async def test_importing_the_client_does_not_import_the_library():
    code = (
        "import sys, conversations.llm;"
        "sys.exit(bool({'openai', 'aiohttp', 'httpx2'} & sys.modules.keys()))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0
