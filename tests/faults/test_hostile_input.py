"""P23: huge and hostile texts come back as they were, and hold up nobody."""

import asyncio
import html
import re
import time

import pytest

from . import hostile_texts
from .forms import Visitor
from .stack import FULL

LIMIT = hostile_texts.LIMIT
# What costs a parser most; the others take their turn with FAULTS=full.
EVERYDAY = [
    "one word",
    "lines",
    "quotes in quotes",
    "lists in lists",
    "brackets",
    "tables",
]
HUGE = list(hostile_texts.HUGE) if FULL else EVERYDAY
TEXT_BOX = re.compile(r"<textarea\b[^>]*>(.*?)</textarea>", re.DOTALL)


async def round_trip(stack, tab, sent):
    """Send `sent`; return what the database has and what the model was told."""
    stack.provider.reply("Yes.")
    reply = await tab.ask(sent)
    assert reply.state == "finished"
    stored = (await stack.stored(tab))["messages"]
    told = stack.provider.requests[-1].body["messages"][-1]["content"]
    return stored[stored[reply.pk]["parent"]]["text"], told


@pytest.mark.parametrize("name", HUGE)
async def test_a_huge_text_makes_the_round_trip_and_nobody_waits(stack, name):
    text = hostile_texts.HUGE[name]
    other, tab = await stack.tab(at=stack.site), await stack.tab(at=stack.site)
    stack.provider.words, stack.provider.pause_seconds = 100, 0.01
    reply = await other.reply_to(other.say("Meanwhile"))
    await other.shows(reply.pk, "word1")
    began = time.monotonic()
    assert await round_trip(stack, tab, text) == (text, text)
    stack.note("P23 a huge message, sent and answered", "s", time.monotonic() - began)
    assert (await other.ended(reply.pk)).state == "finished"
    times = [began, *(sight.at for sight in other.history.sights[reply.pk])]
    gaps = [b - a for a, b in zip(times, times[1:], strict=False)]
    stack.note("P23 longest wait of others", "s", max(gaps))
    await stack.check(other)


@pytest.mark.parametrize("name", HUGE)
async def test_a_huge_reply_is_stored_as_it_was_sent(stack, provider, name):
    text = hostile_texts.HUGE[name]
    tab = await stack.tab(at=stack.site)
    provider.reply(text, chunk=2000)
    reply = await tab.ask("Say it")
    assert reply.state == "finished"
    assert (await stack.stored(tab))["messages"][reply.pk]["text"] == text


async def test_naughty_texts_make_the_round_trip(stack):
    tab = await stack.tab()
    for name, text in hostile_texts.NAUGHTY.items():
        assert await round_trip(stack, tab, text) == (text.strip(), text.strip()), name


async def test_what_nobody_can_store_costs_only_itself(stack):
    tab = await stack.tab()
    for name, (sent, kept) in hostile_texts.UNSTORABLE.items():
        assert await round_trip(stack, tab, sent) == (kept, kept), name


@pytest.mark.parametrize("size", [LIMIT + 1, 1_000_000])
async def test_a_text_over_the_limit_is_refused_with_a_sentence(stack, provider, size):
    tab = await stack.tab()
    sent = tab.say("x" * size)
    await tab.until(lambda: sent.errors, "a refusal")
    assert sent.errors == ["too_long"]
    detail = tab.history.errors[-1]["detail"]
    assert detail == f"Your message has {size} characters; at most {LIMIT} fit."
    assert provider.requests == []
    assert await stack.stored(tab) is None
    del tab.history.sent[sent.client_id]  # the page keeps it in its box
    assert (await tab.ask("Shorter")).state == "finished"


async def test_a_form_over_the_limit_comes_back_with_its_text(stack, provider):
    tab = await stack.tab()
    text = "x" * (LIMIT + 1)
    visitor = Visitor(stack.site, tab.session)
    pairs = [("text", text), ("persona", "assistant")]
    path = f"/c/{tab.conversation}/messages/send/"
    status, _, page = await asyncio.to_thread(visitor.post, path, pairs)
    assert status == 422
    assert f"at most {LIMIT} fit" in page
    assert html.unescape(TEXT_BOX.search(page)[1]).strip() == text
    assert provider.requests == []
