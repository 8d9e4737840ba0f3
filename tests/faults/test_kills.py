"""P4: a reply outlives the process that writes it, up to the last second."""

import asyncio
import time

from .pages import words_of
from .stack import count

SAVE_SECONDS = 1  # GENERATION_SAVE_SECONDS
SLOW_MACHINE_SECONDS = 4


async def test_a_killed_process_leaves_its_replies_to_be_continued(stack, provider):
    provider.words, provider.pause_seconds = 2000, 0.02
    tabs = [await stack.tab(at=stack.site) for _ in range(count(3, 20))]
    replies = [await tab.reply_to(tab.say("A long story")) for tab in tabs]
    viewers = [await stack.another_tab(tab, at=stack.other) for tab in tabs]
    for tab, reply in zip(tabs, replies, strict=True):
        await tab.shows(reply.pk, "word80")
    await asyncio.sleep(stack.rng.uniform(0, SAVE_SECONDS))
    killed_at = time.monotonic()
    await stack.kill(stack.site)
    if not stack.is_many:
        await stack.start()
    for tab, viewer, reply in zip(tabs, viewers, replies, strict=True):
        shown = await viewer.ended(reply.pk)
        assert shown.state == "interrupted"
        ended_at = viewer.history.ends[reply.pk][-1]["at"]
        stack.note("P4 settled after the kill", "s", ended_at - killed_at)
        lost = await seconds_lost(stack, reply.pk, killed_at, tab, viewer)
        stack.note("P4 text lost", "s", lost)
        assert lost < SAVE_SECONDS + SLOW_MACHINE_SECONDS
    provider.pause_seconds = 0
    await asyncio.gather(
        *(go_on(v, r.pk) for v, r in zip(viewers, replies, strict=True))
    )
    await stack.check(states={"finished"})


async def seconds_lost(stack, reply, killed_at, *tabs):
    """Return the age, at the kill, of the first words a tab had that are gone."""
    message = (await stack.stored(tabs[0]))["messages"][reply]
    assert message["may_continue"]
    kept = words_of(message["html"])
    sights = [sight for tab in tabs for sight in tab.history.sights[reply]]
    gone = [s.at for s in sights if s.at < killed_at and not kept.startswith(s.words)]
    return killed_at - min(gone, default=killed_at)


async def go_on(tab, reply):
    """Continue an interrupted reply to its end."""
    tab.go_on(reply)
    shown = tab.page.messages
    await tab.until(lambda: shown[reply].state == "finished", f"all of {reply}")
