"""Small pieces are gathered into larger ones, and nothing waits for that at its end."""

import asyncio

from conversations import llm
from tests.patience import PATIENCE_SECONDS

from .asking import ASK


class Beats:
    """What gathers: `strike` ends the gathering that goes on."""

    def __init__(self):
        self.begun = asyncio.Event()
        self.count = 0

    def next(self):
        self.count += 1
        self.last = asyncio.get_running_loop().create_future()
        self.begun.set()
        return self.last

    async def strike(self):
        await self.begun.wait()
        self.begun.clear()
        self.last.set_result(None)


async def texts_of(provider, beats):
    stream = llm.stream_chat(provider.endpoint, ASK, gather=beats.next)
    return [piece.text async for piece in stream if isinstance(piece, llm.TextDelta)]


async def test_what_comes_while_it_gathers_is_one_piece(provider):
    first, rest = provider.hold(), provider.hold()
    provider.reply_pieces(["One", first, " two", " three", rest, " four"])
    beats = Beats()
    stream = llm.stream_chat(provider.endpoint, ASK, gather=beats.next)
    texts = (p.text async for p in stream if isinstance(p, llm.TextDelta))
    assert await anext(texts) == "One"
    following = asyncio.ensure_future(anext(texts))
    await beats.begun.wait()
    first.release()
    await asyncio.to_thread(rest.wait_reached)
    assert not following.done()
    await beats.strike()
    assert await following == " two three"
    rest.release()
    assert await anext(texts) == " four"
    assert await anext(texts, None) is None


async def test_a_reply_that_has_ended_waits_for_no_beat(provider):
    end = provider.hold()
    provider.reply_pieces(["One", end, " two"])
    beats = Beats()
    texts = asyncio.ensure_future(texts_of(provider, beats))
    await beats.begun.wait()
    end.release()
    assert await asyncio.wait_for(texts, PATIENCE_SECONDS) == ["One", " two"]
    assert beats.count == 1
