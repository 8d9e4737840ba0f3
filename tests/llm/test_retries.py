"""What is tried again, and what is not."""

import asyncio
import json

import pytest

from conversations import llm
from conversations.llm.chat import FIRST_RETRY_SECONDS, Attempts
from tests.fakes import CUT, RESET, Pause

from .asking import ASK, ask


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


async def test_nothing_is_retried_once_its_end_was_shown(provider):
    provider.reply_pieces(["<th", Pause(0.1), CUT])  # it might have become a tag
    seen = await ask(provider)
    assert (seen.text, seen.outcome) == ("<th", "connection_lost")
    assert len(provider.requests) == 1


def test_not_everybody_tries_again_in_one_moment():
    down, everybody = llm.ProviderError("provider_down", retryable=True), range(20)
    pauses = {Attempts({}).delay_after(down) for _ in everybody}
    assert len(pauses) > 1
    assert max(pauses) <= FIRST_RETRY_SECONDS


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
