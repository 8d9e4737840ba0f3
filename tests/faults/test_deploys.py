"""P10: a server that is told to end ends in order, and nobody loses anything."""

import asyncio
import contextlib
import time

import aiohttp

from .pages import words_of
from .stack import count
from .test_kills import go_on

GRACE_SECONDS = 2
RESTARTING = 1012


async def test_a_deploy_loses_nothing(stack, provider):
    await stack.restart(SHUTDOWN_GRACE_SECONDS=str(GRACE_SECONDS))
    tabs = [await stack.tab(at=stack.site) for _ in range(count(10, 50))]
    holds, replies = [], []
    for number, tab in enumerate(tabs):
        holds.append(provider.hold_after(f"Question {number}", words=5))
        reply = await tab.reply_to(tab.say(f"Question {number}"))
        await tab.shows(reply.pk, "word1")
        replies.append(reply.pk)
    posts = [Posts(tab) for tab in tabs[:3]]
    for post in posts:
        await post.answered.wait()
    started = time.monotonic()
    stack.site.terminate()
    for tab in tabs[3:6]:
        tab.say("Sent while it ends")
    for hold in holds[::2]:  # the others are not done in time
        hold.release()
    assert await stack.wait(stack.site) == [0]
    # At once, before anybody could miss the process that is gone.
    for tab, reply in zip(tabs, replies, strict=True):
        await check_saved(stack, tab, reply)
    stack.note("P10 SIGTERM until exit", "s", time.monotonic() - started)
    for hold in holds:
        hold.release()
    if not stack.is_many:
        await stack.start()
    assert {status for post in posts for status in await post.statuses} == {200}
    await stack.check()  # nothing is on its way to anybody any more
    assert [tab.history.closes for tab in tabs] == [[RESTARTING]] * len(tabs)
    assert [error for tab in tabs for error in tab.history.errors] == []
    await complete_all(stack, tabs)
    await stack.check(states={"finished"})


async def check_saved(stack, tab, reply):
    """What was shown of the reply is there, and it is not left to grow for ever."""
    shown = tab.history.sights[reply][-1].words
    message = (await stack.stored(tab))["messages"][reply]
    assert message["state"] in ("finished", "interrupted")
    assert words_of(message["html"]).startswith(shown)


class Posts:
    """Sends the same message by plain HTTP until nobody answers.

    `answered` is set with the first answer, `statuses` ends with those of all.
    """

    def __init__(self, tab):
        self.answered = asyncio.Event()
        self.statuses = asyncio.create_task(self._post(tab))

    async def _post(self, tab):
        statuses = []
        sent = tab.say("By plain HTTP, too", parent=tab.page.parent)
        fields = {name: value for name, value in sent.frame.items() if name != "type"}
        with contextlib.suppress(aiohttp.ClientError, OSError):
            address = tab.addresses[0]
            while tab.addresses[0] == address:
                status, _ = await tab.post("message.send", **fields)
                statuses.append(status)
                self.answered.set()
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
