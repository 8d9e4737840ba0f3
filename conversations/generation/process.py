"""This process's part in writing replies: what the server starts, asks and ends."""

import asyncio
import logging

from conversations import events, llm
from conversations.models import Generation

from . import clock, recovery, runner
from .live import PROCESS, replies

logger = logging.getLogger(__name__)
State = Generation.State

_loop = None
_expects = None
_tasks = []
_drained = False


def attach():
    """Write replies in the running loop from now on. Called again it does nothing."""
    global _loop, _drained
    loop = asyncio.get_running_loop()
    if _loop is loop:
        return
    _loop, _drained = loop, False
    replies.__init__()
    _tasks[:] = [
        runner.spawn(clock.show_by_the_clock()),
        runner.spawn(clock.save_by_the_clock()),
        runner.spawn(recovery.sweep_by_the_clock(start)),
        runner.spawn(_listen()),
    ]


def expect_questions():
    """Load what the first reply needs, in a thread, while somebody still types.

    Not at the start: the provider's library takes half a second and 33 MB.
    """
    global _expects
    if not _expects:
        _expects = asyncio.get_running_loop().run_in_executor(None, llm.preload)


async def drain(grace_seconds):
    """Give running replies so long to end, then save the rest as interrupted."""
    global _loop, _drained
    _drained = True
    tasks = [writing.task for writing in replies]
    if tasks and grace_seconds:
        await asyncio.wait(tasks, timeout=grace_seconds)
    for writing in replies:
        writing.end(State.INTERRUPTED)
    if tasks:
        await asyncio.wait(tasks)
    for task in _tasks:
        task.cancel()
    await asyncio.gather(*_tasks, return_exceptions=True)
    _tasks.clear()
    _loop = None


def start(generation_id):
    """Begin to write, from any thread. Where no loop writes, a server's sweep will."""
    if _loop is not None and not _drained:
        _loop.call_soon_threadsafe(lambda: runner.spawn(runner.run(generation_id)))


async def stop(message_id, owner, *, seen=None):
    """End the reply that `owner` writes, keeping what frame `seen` showed."""
    if owner == PROCESS:
        _stop(message_id, seen)
    elif owner:
        await events.publish(
            events.process_group(owner),
            events.STOP_WANTED,
            message=message_id,
            seen=seen,
        )


def _stop(message_id, seen):
    if writing := replies.get(message_id):
        writing.end(State.STOPPED, seen=seen)


def draft(message_id):
    """Return the Draft of a reply that is written here, None of any other."""
    return replies.draft(message_id)


async def ask_for_snapshot(message_id, owner, channel):
    """Have `owner` send a snapshot of the reply to `channel`, if it still lives."""
    await events.publish(
        events.process_group(owner),
        events.SNAPSHOT_WANTED,
        message=message_id,
        channel=channel,
    )


async def _listen():
    """Answer what other processes ask of the replies written here."""
    group = events.process_group(PROCESS)
    inbox = await events.open_inbox(group)
    try:
        while True:
            event = await events.receive(inbox)
            await _answer(event)
    finally:
        await events.close_inbox(group, inbox)


async def _answer(event):
    if event["type"] == events.STOP_WANTED:
        _stop(event["message"], event["seen"])
    elif found := draft(event["message"]):
        await events.answer(event["channel"], events.SNAPSHOT_TAKEN, **found.snapshot())
