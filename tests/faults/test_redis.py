"""P21: Redis is away, empty, or new, while two processes write replies."""

import asyncio
import time

import pytest

from tests.patience import PATIENCE_SECONDS

from .stack import count

AWAY_SECONDS = count(3, 60)
# New texts that each tab must see meanwhile, each saved within two seconds or so.
LOOKS = 1 + AWAY_SECONDS // 3
# Then what was on its way as Redis went has arrived.
IN_FLIGHT_SECONDS = 0.3
LIVE_FRAMES = 3
TABS = count(3, 30)
two_processes = pytest.mark.parametrize(
    "servers", ["two"], indirect=True, scope="package"
)


async def begin(stack):
    """Have replies grow that are watched from both processes; return `(tabs, ids)`."""
    session = await stack.sign_in()
    stack.provider.words = 60 * (AWAY_SECONDS + PATIENCE_SECONDS)  # none ends by itself
    stack.provider.pause_seconds = 1 / 60
    tabs, replies = [], []
    for number in range(TABS):
        tab = await stack.tab(session, at=stack.sites[number % 2])
        reply = await tab.reply_to(tab.say(f"Story {number}"))
        await tab.shows(reply.pk, "word1")
        far = await stack.another_tab(tab, at=stack.sites[1 - number % 2])
        await far.until(lambda: reply.pk in far.page.messages, "the reply")  # noqa: B023
        tabs += [tab, far]
        replies += [reply.pk, reply.pk]
    return tabs, replies


def longest_silence(tab, reply, since):
    """Return the longest time for which the tab saw nothing new of the reply."""
    times = [since, *(s.at for s in tab.history.sights[reply] if s.at > since)]
    times.append(time.monotonic())
    return max(b - a for a, b in zip(times, times[1:], strict=False))


async def heard_again(tabs, replies):
    """Wait until every tab is shown its reply as it is written, and return how long."""
    began = time.monotonic()
    for tab, reply in zip(tabs, replies, strict=True):
        await tab.until(lambda: is_live(tab, reply, began), "live frames")  # noqa: B023
    return time.monotonic() - began


def is_live(tab, reply, since):
    live = [s for s in tab.history.sights[reply] if s.is_live and s.at > since]
    return len(live) >= LIVE_FRAMES


async def pass_without_redis(tabs, replies):
    """Wait for a while, in which every tab goes on to see what its reply has grown."""
    await asyncio.sleep(IN_FLIGHT_SECONDS)
    since = time.monotonic()
    await asyncio.sleep(AWAY_SECONDS)
    for tab, reply in zip(tabs, replies, strict=True):
        await tab.until(
            lambda: len(texts_since(tab, reply, since)) >= LOOKS,  # noqa: B023
            "its text without Redis",
        )


def texts_since(tab, reply, since):
    return {s.words for s in tab.history.sights[reply] if s.at > since}


async def stopped(stack, tabs, replies):
    """Redis is away for a while; meanwhile a message is sent, and answered."""
    stack.provider.reply("Here.")
    far = await stack.tab(at=stack.site)
    await far.ask("Are you there?")
    await asyncio.to_thread(stack.redis.stop)
    try:
        stack.provider.reply("Here, without it.")
        tab = await stack.another_tab(far, at=stack.other)
        reply = await tab.reply_to(tab.say("And now?"))
        await pass_without_redis(tabs, replies)
        assert (await tab.ended(reply.pk)).words == "Here, without it."
    finally:
        await asyncio.to_thread(stack.redis.start)
    await far.ended(reply.pk)  # it is told that it may have missed something


async def flushed(stack, tabs, replies):
    """Redis forgets everything; whoever was signed in still is."""
    await asyncio.to_thread(stack.redis.flush)
    await stack.another_tab(tabs[0], at=stack.other)


async def stuck(stack, tabs, replies):
    """Redis takes connections and says nothing for a while."""
    stack.redis.pause()
    try:
        await pass_without_redis(tabs, replies)
    finally:
        stack.redis.resume()


@two_processes
@pytest.mark.parametrize("trouble", [stopped, flushed, stuck], ids=lambda f: f.__name__)
async def test_replies_go_on_without_redis_and_come_back_live(stack, trouble):
    tabs, replies = await begin(stack)
    since = time.monotonic()
    await trouble(stack, tabs, replies)
    silences = [longest_silence(*one, since) for one in zip(tabs, replies, strict=True)]
    back = await heard_again(tabs, replies)
    stack.note(f"P21 longest silence, Redis {trouble.__name__}", "s", max(silences))
    stack.note(f"P21 back to live, Redis {trouble.__name__}", "s", back)
    stack.provider.pause_seconds = 0  # the rest of the stories
    await stack.rest()
    states = {t.page.messages[r].state for t, r in zip(tabs, replies, strict=True)}
    assert states == {"finished"}
    await stack.check(*tabs)
