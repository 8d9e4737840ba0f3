"""What a provider refuses, and what is no provider."""

import json

import pytest

from conversations import llm
from tests.fakes import HANG, Delta, Raw

from .asking import a_server_that_says, ask, port_of

# ── errors by status ──────────────────────────────────────────────────────────────────
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


# ── what is no reply ──────────────────────────────────────────────────────────────────
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
