"""P20: the disk of the database is full."""

import asyncio

import pytest

from tests.patience import PATIENCE_SECONDS

from .disks import FullDisk, NoLongerFiles, small_disk
from .figures import Figures
from .forms import Visitor
from .stack import Servers, Stack

DISK_MB = 24
LONG = "x" * 80_000
MOST_MESSAGES = 60  # of that size; the disk has no room for so many
NOT_SAVED = "not_saved"


@pytest.fixture(params=["a full disk", "no file may grow"])
async def small(request, upstream, tmp_path):
    """A site on SQLite, and what takes its room away: `(stack, full)`."""
    upstream.reset()
    with small_disk(tmp_path, DISK_MB) as is_small:
        servers = Servers("one process, a small disk", tmp_path, upstream)
        with servers:
            stack = Stack(servers, upstream, request.node.name, Figures())
            if is_small and request.param == "a full disk":
                yield stack, FullDisk(tmp_path)
            else:
                yield stack, NoLongerFiles(servers.sites[0].process.pid)
            await stack.close_all()


async def test_a_full_disk_is_told_and_gone_when_there_is_room_again(small):
    stack, full = small
    running, tab = await stack.tab(), await stack.tab()
    process = stack.site.process
    await tab.ask("A first one")
    hold = stack.provider.hold_after("A long one", 20)
    reply = await running.reply_to(running.say("A long one"))
    await running.shows(reply.pk, "word10")
    with full:
        await until_refused(tab)
        page = await reading(stack, tab)
        hold.release()
        await running.shows(reply.pk, "word40")
        await asyncio.to_thread(stack.site.wait_logged, "is not saved yet")
    assert "A first one" in page
    async with asyncio.timeout(PATIENCE_SECONDS):
        while tab.unsent:
            tab.resend()
            await asyncio.sleep(0.3)
    await stack.check()
    assert running.page.messages[reply.pk].state == "finished"
    assert stack.site.process is process
    assert stack.site.is_running


def hold_twice(provider, question):
    """Have the reply to `question` wait midway, and again before its end."""
    text, holds = provider.story(question), [provider.hold(), provider.hold()]
    half = text.index("word20")
    pieces = [text[:half], holds[0], text[half:-1], holds[1], text[-1:]]
    provider.reply_pieces(pieces)
    return holds


async def test_what_grows_while_the_disk_is_full_is_saved_when_there_is_room(small):
    stack, full = small
    tab = await stack.tab()
    first, last = hold_twice(stack.provider, "A growing one")
    reply = await tab.reply_to(tab.say("A growing one"))
    await tab.shows(reply.pk, "word19")
    with full:
        first.release()
        await tab.shows(reply.pk, "word30")
        failed_twice = "(?s)(Growing replies are not saved.*?){2}"
        begun = len(stack.site.log)
        await asyncio.to_thread(stack.site.wait_logged, failed_twice, since=begun)
    saved = (reply.pk, "word30", PATIENCE_SECONDS)
    assert await stack.ask("wait_until_saved", *saved)
    last.release()
    await stack.check(states={"finished"})


async def until_refused(tab):
    """Send until the disk is full; that is said clearly."""
    for _ in range(MOST_MESSAGES):
        sent = tab.say(LONG)
        await tab.until(lambda: sent.errors or not sent.is_unsent, "an answer")  # noqa: B023
        if sent.errors:
            break
    assert sent.errors == [NOT_SAVED]
    assert "Your text is still here" in tab.history.errors[-1]["detail"]


async def reading(stack, tab):
    visitor = Visitor(stack.site, tab.session)
    path = f"/c/{tab.conversation}/"
    status, _, page = await asyncio.to_thread(visitor.ask, "GET", path)
    assert status == 200
    return page
