"""P9: a provider that sends more than anybody can take."""

import asyncio
import contextlib

import pytest

from conversations import llm
from tests.fakes import Flood, Raw

from .forms import Visitor
from .misbehaviours import bomb
from .weights import MEGABYTE, Peak

TOKENS = 200_000
MOST_GROWTH_BYTES = 100 * MEGABYTE
EVERY_SECONDS = 0.02
LEAN = b'data: {"choices": [{"delta": {"content": "word "}}]}\n\n'
# What may be taken in at once, before others have a turn: that much arrives at a time.
MOST_TOKENS_AT_ONCE = 10_000
RICH = LEAN.replace(b'{"choices', b'{"id": "%b", "choices' % (b"x" * 100))
STOP = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'


@contextlib.asynccontextmanager
async def weighed(stack, what):
    """Check the memory that the first process needs within the block, and its lag."""
    tab = await stack.tab(at=stack.site)
    await tab.ask("A first one")
    stack.provider.reset()
    visitor, is_over = Visitor(stack.site, tab.session), asyncio.Event()
    watching = asyncio.ensure_future(longest_answer(visitor, is_over))
    with Peak(stack.site.process.pid) as peak:
        yield
        is_over.set()
        longest = await watching
    stack.note(f"P9 memory, {what}", "MB", peak.growth_bytes / MEGABYTE)
    stack.note(f"P9 longest wait, {what}", "ms", longest * 1000)
    assert peak.growth_bytes <= MOST_GROWTH_BYTES


async def longest_answer(visitor, is_over):
    """Return the longest time that a request took until `is_over`."""
    loop, longest = asyncio.get_running_loop(), 0
    while not is_over.is_set():
        asked = loop.time()
        await asyncio.to_thread(visitor.ask, "GET", "/health/live/")
        longest = max(longest, loop.time() - asked)
        await asyncio.sleep(EVERY_SECONDS)  # what asks without end is a load itself
    return longest


FLOODS = {
    "a 50 MB line": (["Half", Flood(50 * MEGABYTE)], "too_big"),
    "more than a body may hold": ([Raw(RICH * TOKENS)], "too_big"),
    "200,000 tokens": ([Raw(LEAN * TOKENS + STOP)], None),
}


@pytest.mark.parametrize("name", FLOODS)
async def test_a_flood_is_capped_and_others_go_on(stack, provider, name):
    pieces, code = FLOODS[name]
    other, flooded = await stack.tab(at=stack.site), await stack.tab(at=stack.site)
    async with weighed(stack, name):
        provider.words = 400
        going_on = other.say("Another one meanwhile")
        reply = await other.reply_to(going_on)
        await other.shows(reply.pk, "word1")
        provider.raw_reply(*pieces)
        ended = await flooded.ask("Everything, please")
        await other.ended(reply.pk)
    check_capped(flooded, ended, code)
    assert other.page.messages[reply.pk].state == "finished"
    text = (await stack.stored(flooded))["messages"][ended.pk]["text"]
    if code is None:
        assert text == "word " * TOKENS
    await stack.check(other)
    provider.forget_scripts()
    assert (await flooded.ask("And now?")).state == "finished"


def check_capped(tab, reply, code):
    error = tab.history.ends[reply.pk][-1]["error"]
    assert (error and error["code"]) == code


async def test_a_bomb_of_compressed_bytes_needs_no_room(stack, provider):
    tab = await stack.tab(at=stack.site)
    async with weighed(stack, "a bomb"):
        bomb(size_bytes=200_000_000)(provider)
        check_capped(tab, await tab.ask("Open this"), "too_big")


class Turns:
    """How many pieces there were, at most, between two turns of the loop."""

    def __init__(self):
        self.most = self._so_far = 0

    def count(self, pieces):
        if not self._so_far:
            asyncio.get_running_loop().call_soon(self._turned)
        self._so_far += pieces
        self.most = max(self.most, self._so_far)

    def _turned(self):
        self._so_far = 0


async def test_others_have_their_turn_while_a_flood_is_taken_in(provider):
    provider.forget_scripts()
    provider.raw_reply(Raw(LEAN * (TOKENS // 5) + STOP))
    message = llm.ChatMessage("user", "Everything, please")
    request = llm.ChatRequest(model="scripted-1", messages=(message,))
    words, turns = 0, Turns()
    async for event in llm.stream_chat(provider.endpoint, request):
        if isinstance(event, llm.TextDelta):
            words += event.text.count("word")
            turns.count(event.text.count("word"))
    assert words == TOKENS // 5
    assert turns.most <= MOST_TOKENS_AT_ONCE
