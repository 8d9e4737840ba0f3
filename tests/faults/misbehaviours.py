"""What providers do to their clients, and what becomes of the reply.

Each error says SECRET somewhere in its body: it may reach nobody.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.fakes import CUT, HANG, RESET, Delta, Flood, Pause, Raw

SECRET = "the-private-words-of-the-provider"
PAGE = f"<html><body><h1>nginx</h1>{SECRET}</body></html>"
TOOL = Delta({"tool_calls": [{"index": 0, "function": {"name": SECRET}}]})
# As the site under test is told to wait, so that hanging takes no minutes.
IMPATIENCE = {
    "OPENAI_CONNECT_TIMEOUT_SECONDS": "2",
    "OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS": "2",
    "OPENAI_GAP_TIMEOUT_SECONDS": "2",
    "OPENAI_TOTAL_TIMEOUT_SECONDS": "5",
}


@dataclass(frozen=True)
class Misbehaviour:
    """`script` tells the provider what to do; the rest is how the reply must end."""

    name: str
    script: Callable
    code: str
    state: str = "failed"
    text: str = ""
    status: int | None = None
    calls: int = 1
    goes_on: bool = False  # `text` is only how it begins

    def __str__(self):
        return self.name


def fails(status, **how):
    """A script that answers with an error for ever."""
    error = {"message": SECRET, "type": SECRET, **how.pop("error", {})}
    body = how.pop("body", None) or json.dumps({"error": error})
    request = {"x-request-id": f"req-{status}", **how.pop("headers", {})}
    return lambda provider: provider.fail(status, body=body, headers=request, times=4)


def says(*pieces, **how):
    """A script that streams `pieces`, with an end unless they break off."""
    return lambda provider: provider.reply_pieces(pieces, **how)


def sends(*pieces, headers=None):
    """A script that answers 200 with these pieces alone."""
    return lambda provider: provider.raw_reply(*pieces, headers=headers)


def wordless(step, *, times=4):
    return lambda provider: provider.no_headers(step, times=times)


def in_an_hour():
    return format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


def packed(data):
    return {"headers": {"Content-Encoding": "gzip"}}, Raw(gzip.compress(data))


def bomb(*, size_bytes=50_000_000):
    how, piece = packed(b"data: " + b"x" * size_bytes)
    return sends(piece, **how)


def fault_in_stream(error):
    event = b"data: " + json.dumps({"error": error | {"message": SECRET}}).encode()
    return says("Half", Raw(event + b"\n\n"))


QUOTA = {"code": "insufficient_quota"}
RETRY = {"Retry-After": "0"}
LATER = {"Retry-After": "21"}
TOMORROW = {"Retry-After": in_an_hour()}
TOO_MUCH = {"code": "context_length_exceeded"}
NO_MODEL = {"code": "model_not_found"}
CLOSED = [
    Misbehaviour("401", fails(401), "key_rejected", status=401),
    Misbehaviour("403", fails(403), "forbidden", status=403),
    Misbehaviour("404", fails(404, error=NO_MODEL), "model_missing", status=404),
    Misbehaviour("404 page", fails(404, body=PAGE), "not_an_api", status=404),
    Misbehaviour("400", fails(400), "request_refused", status=400),
    Misbehaviour(
        "400 size", fails(400, error=TOO_MUCH), "context_too_long", status=400
    ),
    Misbehaviour("402", fails(402), "quota_exhausted", status=402),
    Misbehaviour("429 quota", fails(429, error=QUOTA), "quota_exhausted", status=429),
    Misbehaviour("429", fails(429), "rate_limited", status=429, calls=3),
    Misbehaviour(
        "429 0 s", fails(429, headers=RETRY), "rate_limited", status=429, calls=3
    ),
    Misbehaviour("429 21 s", fails(429, headers=LATER), "rate_limited", status=429),
    Misbehaviour("429 date", fails(429, headers=TOMORROW), "rate_limited", status=429),
    Misbehaviour("500", fails(500), "provider_down", status=500, calls=3),
    Misbehaviour(
        "502 page", fails(502, body=PAGE), "provider_down", status=502, calls=3
    ),
    Misbehaviour("200 page", fails(200, body=PAGE), "not_an_api"),
    Misbehaviour("200 other JSON", fails(200, body=f'{{"{SECRET}": 1}}'), "not_an_api"),
    Misbehaviour("cut at once", wordless(CUT), "connection_lost", calls=3),
    Misbehaviour("reset at once", wordless(RESET), "connection_lost", calls=3),
]
HANGING = [
    Misbehaviour("no headers", wordless(HANG, times=1), "slow_to_start"),
    Misbehaviour("no body", sends(HANG), "slow_to_start"),
    Misbehaviour("only comments", sends(Raw(b": wait\n\n"), HANG), "slow_to_start"),
    Misbehaviour("a stall", says("Half", HANG), "stalled", text="Half"),
    Misbehaviour(
        "no end",
        says(*["and ", Pause(0.3)] * 60),
        "too_long",
        text="and and and ",
        goes_on=True,
    ),
]
BROKEN = [
    Misbehaviour("cut", says("Half", Pause(0.1), CUT), "connection_lost", text="Half"),
    Misbehaviour(
        "reset", says("Half", Pause(0.1), RESET), "connection_lost", text="Half"
    ),
    Misbehaviour(
        "an error midway",
        fault_in_stream({"code": 503}),
        "provider_down",
        text="Half",
        status=503,
    ),
    Misbehaviour(
        "broken JSON",
        says("Half", Raw(f"data: {{{SECRET}\n\n".encode()), HANG),
        "malformed",
        text="Half",
    ),
    Misbehaviour("broken gzip", sends(Raw(b"no gzip"), **packed(b"")[0]), "malformed"),
    Misbehaviour("nothing", says(), "empty_reply"),
    Misbehaviour("no byte", sends(), "empty_reply"),
    Misbehaviour("only space", says(" \n"), "empty_reply", text=" \n"),
    Misbehaviour("a tool", says(TOOL, finish="tool_calls"), "tool_call"),
    Misbehaviour(
        "text and a tool",
        says("Let me look.", TOOL, finish="tool_calls"),
        "tool_call",
        text="Let me look.",
    ),
    Misbehaviour(
        "a filter",
        says("Half", finish="content_filter"),
        "content_filter",
        text="Half",
    ),
    Misbehaviour("a bomb", bomb(), "too_big"),
    Misbehaviour("a 50 MB line", says("Half", Flood(50 << 20)), "too_big", text="Half"),
]
CUT_SHORT = [
    Misbehaviour(
        "no finish reason",
        says("Half", finish=None),
        "cut_off",
        state="cut_off",
        text="Half",
    ),
    Misbehaviour(
        "no end at all",
        says("Half", finish=None, done=False),
        "cut_off",
        state="cut_off",
        text="Half",
    ),
    Misbehaviour(
        "half a character",
        sends("Half", Raw(b'data: {"choices": [{"delta": {"content": "caf\xc3')),
        "cut_off",
        state="cut_off",
        text="Half",
    ),
    Misbehaviour(
        "its length",
        says("Half", finish="length"),
        "length",
        state="cut_off",
        text="Half",
    ),
]
# What is odd and no failure.
FORGIVEN = [
    Misbehaviour("no [DONE]", says("Whole", done=False), "", "finished", "Whole"),
    Misbehaviour(
        "a refusal",
        says(Delta({"refusal": "I will not."})),
        "",
        state="finished",
        text="I will not.",
    ),
    Misbehaviour(
        "no UTF-8",
        says(
            "A ",
            Raw(b'data: {"choices": [{"delta": {"content": "caf\xc3"}}]}\n\n'),
            " here",
        ),
        "",
        state="finished",
        text="A caf\ufffd here",
    ),
]
AT_ONCE = CLOSED + BROKEN + CUT_SHORT + FORGIVEN
