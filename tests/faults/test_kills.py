"""P4: a reply outlives the process that writes it, up to the last second."""

import asyncio
import time

from .echo import PIECE
from .stack import count

SAVE_SECONDS = 1  # GENERATION_SAVE_SECONDS
# Until what has come is taken in and written, on a machine that is busy.
SAVING_SECONDS = 4


async def test_a_killed_process_leaves_its_replies_to_be_continued(stack, provider):
    provider.words, provider.pause_seconds = 2000, 0.02
    tabs = [await stack.tab(at=stack.site) for _ in range(count(3, 20))]
    replies = [
        await tab.reply_to(tab.say(f"Story {number}"))
        for number, tab in enumerate(tabs)
    ]
    viewers = [await stack.another_tab(tab, at=stack.other) for tab in tabs]
    for tab, reply in zip(tabs, replies, strict=True):
        await tab.shows(reply.pk, "word80")
    await asyncio.sleep(stack.rng.uniform(0, SAVE_SECONDS))
    killed_at = time.monotonic()
    await stack.kill(stack.site)
    if not stack.is_many:
        await stack.start()
    for number, (viewer, reply) in enumerate(zip(viewers, replies, strict=True)):
        shown = await viewer.ended(reply.pk)
        assert shown.state == "interrupted"
        ended_at = viewer.history.ends[reply.pk][-1]["at"]
        stack.note("P4 settled after the kill", "s", ended_at - killed_at)
        message = (await stack.stored(viewer))["messages"][reply.pk]
        assert message["may_continue"]
        kept, told = len(PIECE.findall(message["text"])), provider.words_told
        question = f"Story {number}"
        stack.note("P4 words lost", "", told(question, killed_at) - kept)
        assert kept >= told(question, killed_at - SAVE_SECONDS - SAVING_SECONDS)
    provider.pause_seconds = 0
    await asyncio.gather(
        *(go_on(v, r.pk) for v, r in zip(viewers, replies, strict=True))
    )
    await stack.check(states={"finished"})


async def go_on(tab, reply):
    """Continue an interrupted reply to its end."""
    tab.go_on(reply)
    shown = tab.page.messages
    await tab.until(lambda: shown[reply].state == "finished", f"all of {reply}")
