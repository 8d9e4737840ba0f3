"""P10: a server that is told to end ends in order, and nobody loses anything."""

import asyncio
import contextlib
import time

import aiohttp

from .stack import count
from .test_kills import go_on

GRACE_SECONDS = 2
RESTARTING = 1012


async def test_a_deploy_loses_nothing(stack, provider):
    await stack.restart(SHUTDOWN_GRACE_SECONDS=str(GRACE_SECONDS))
    tabs = [await stack.tab(at=stack.site) for _ in range(count(10, 50))]
    holds = []
    for number, tab in enumerate(tabs):
        holds.append(provider.hold_after(f"Question {number}", words=5))
        reply = await tab.reply_to(tab.say(f"Question {number}"))
        await tab.shows(reply.pk, "word1")
    posting = [asyncio.create_task(post_until_it_ends(tab)) for tab in tabs[:3]]
    started = time.monotonic()
    stack.site.terminate()
    for tab in tabs[3:6]:
        tab.say("Sent while it ends")
    for hold in holds[::2]:  # the others are not done in time
        hold.release()
    assert await stack.wait(stack.site) == [0]
    stack.note("P10 SIGTERM until exit", "s", time.monotonic() - started)
    for hold in holds:
        hold.release()
    if not stack.is_many:
        await stack.start()
    statuses = [status for task in posting for status in await task]
    assert [status for status in statuses if status >= 500] == []
    await stack.rest()
    assert [tab.history.closes for tab in tabs] == [[RESTARTING]] * len(tabs)
    await complete_all(stack, tabs)
    await stack.check(states={"finished"})


async def post_until_it_ends(tab):
    """Send the same message by plain HTTP until nobody answers; return the statuses."""
    statuses = []
    sent = tab.say("By plain HTTP, too", parent=tab.page.parent)
    fields = {name: value for name, value in sent.frame.items() if name != "type"}
    with contextlib.suppress(aiohttp.ClientError, OSError):
        address = tab.addresses[0]
        while tab.addresses[0] == address:
            status, _ = await tab.post("message.send", **fields)
            statuses.append(status)
    return statuses


async def complete_all(stack, tabs):
    """Each reply is complete, or is continued now."""
    states = []
    for tab in tabs:
        for message in list(tab.page.messages.values()):
            if not message.is_reply:
                continue
            states.append(message.state)
            if message.state != "finished":
                await go_on(tab, message.pk)
    assert set(states) <= {"finished", "interrupted"}
    stack.note("P10 to be continued", "replies", states.count("interrupted"))
