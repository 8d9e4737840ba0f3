"""P2 and P3: a reply does not need the tab or the connection that asked for it."""

import asyncio
import time

import pytest

from tests.proxy import Proxy

from .echo import PIECE
from .stack import count

QUESTION = "Where does sand go?"


def held_story(provider, *percents):
    """Have the story of QUESTION told with a Hold at each of `percents`.

    Return each Hold with the last word before it.
    """
    pieces = PIECE.findall(provider.story(QUESTION))
    holds = []
    for percent in sorted(percents, reverse=True):
        at = round(len(pieces) * percent / 100)
        holds.insert(0, (provider.hold(), pieces[at - 1].strip()))
        pieces.insert(at, holds[0][0])
    provider.reply_pieces(pieces)
    return holds


@pytest.mark.parametrize("percent", [10, 50, 90])
async def test_a_reply_goes_on_without_its_tab(stack, provider, percent):
    first, second = held_story(provider, percent, (percent + 100) / 2)
    tab = await stack.tab()
    reply = await tab.reply_to(tab.say(QUESTION))
    await tab.shows(reply.pk, first[1])
    await tab.close()
    first[0].release()
    await second[0].reached()  # so far it came with nobody there
    started = time.monotonic()
    during = await stack.another_tab(tab, at=stack.other)
    await during.shows(reply.pk, second[1])
    stack.note(
        "P2 a tab that comes back is up to date", "s", time.monotonic() - started
    )
    second[0].release()
    assert (await during.ended(reply.pk)).state == "finished"
    after = [await stack.another_tab(tab, at=site) for site in stack.sites]
    for late in after:
        assert (await late.ended(reply.pk)).body == during.page.messages[reply.pk].body
    await stack.check(states={"finished"})


async def test_a_reply_goes_on_over_a_connection_that_keeps_breaking(stack, provider):
    provider.words, provider.pause_seconds = 300, 0.01
    with Proxy(stack.site.port) as proxy:
        tab = await stack.tab(via=proxy.url)
        await tab.ask("Hello")
        watcher = await stack.another_tab(tab, at=stack.other)
        for number in range(count(4, 60)):
            if not tab.page.open_replies:
                await tab.reply_to(tab.say(f"Question {number}"))
            await asyncio.sleep(stack.rng.uniform(0.05, 0.5))
            # It comes back to any of the processes, as behind a load balancer.
            proxy.site_port = stack.rng.choice(stack.sites).port
            await cut_and_come_back(stack, tab, proxy)
        await stack.check(tab, watcher, states={"finished"})
        # It has left before the proxy ends.
        await tab.close()


async def cut_and_come_back(stack, tab, proxy):
    connections, open_replies = len(tab.history.connected_at), tab.page.open_replies
    cut_at = time.monotonic()
    await asyncio.to_thread(proxy.cut)
    await tab.until(
        lambda: len(tab.history.connected_at) > connections, "another connection"
    )
    back_at = tab.history.connected_at[-1]
    stack.note("P3 connected again after a cut", "s", back_at - cut_at)
    for reply in open_replies:
        await tab.until(lambda pk=reply.pk: has_heard(tab, pk, back_at), "more of it")
        stack.note("P3 the reply goes on", "s", time.monotonic() - back_at)


def has_heard(tab, reply, since):
    """Whether the tab has heard of that reply: more of it, or its end."""
    last = tab.history.sights[reply][-1:]
    is_over = not tab.page.messages[reply].is_open
    return is_over or any(sight.at > since for sight in last)
