"""This process's part in writing replies: what the server starts, asks and ends."""

import asyncio
import logging
from contextlib import suppress

from conversations import events, lanes, llm
from conversations.models import Generation

from . import claiming, clock, recovery, runner
from .live import PROCESS, replies
from .tasks import runs, spawn

logger = logging.getLogger(__name__)
State = Generation.State

# How often drained replies are told to end, and how long their last save may take.
ENDING_SECONDS = 0.2
SAVING_SECONDS = 5.0
LISTEN_AGAIN_SECONDS = 1.0

# Coroutine functions that run for as long as this process looks after what others left.
chores = [lambda: recovery.sweep_by_the_clock(start)]

_loop = None
_drained = None  # the loop that has drained, where nothing is begun any more
_expects = None
_machinery = []


def attach(*, sweeps=True):
    """Write replies in the running loop from now on. Called again it does nothing.

    `sweeps`: also look after replies that other processes left behind.
    """
    global _loop
    loop = asyncio.get_running_loop()
    if loop in (_loop, _drained):
        return
    _loop = loop
    events.speak_in(loop)
    for kept in (runs, replies, clock.beat):
        kept.reset()
    runs.are_welcome = True
    work = [clock.show_by_the_clock(), clock.save_by_the_clock(), _listen()]
    if sweeps:
        work += [chore() for chore in chores]
    _machinery[:] = [spawn(task) for task in work]


def expect_questions():
    """Load what the first reply needs, in a thread, while somebody still types.

    Not at the start: the provider's library takes half a second and 33 MB.
    """
    global _expects
    if not _expects:
        _expects = asyncio.get_running_loop().run_in_executor(None, llm.preload)


async def drain(grace_seconds):
    """Give running replies so long to end, then save the rest as interrupted.

    With the database away their last save is the end of it: nobody waits for ever.
    """
    global _loop, _drained
    runs.are_welcome = False
    _drained = asyncio.get_running_loop()
    if not await runs.wait(grace_seconds):
        await _end_all()
    while _machinery:
        # More than once: a library may swallow what it is told while it connects.
        for task in _machinery:
            task.cancel()
        _, pending = await asyncio.wait(_machinery, timeout=ENDING_SECONDS)
        _machinery[:] = pending
    with suppress(TimeoutError):  # what still waits for the database is left behind
        async with asyncio.timeout(SAVING_SECONDS):
            await asyncio.gather(*(lane.close() for lane in lanes.ALL))
    _loop = None
    events.speak_in(None)


async def _end_all():
    last = asyncio.get_running_loop().time() + SAVING_SECONDS
    is_over = False
    while not is_over and asyncio.get_running_loop().time() < last:
        for writing in replies:
            writing.end(State.INTERRUPTED)
        is_over = await runs.wait(ENDING_SECONDS)


def start(generation_id, job=None):
    """Begin to write, from any thread. Where no loop writes, a server's sweep will.

    `job` is what `claiming.enter` returned.
    """
    if _loop is not None:
        _loop.call_soon_threadsafe(_begin, generation_id, job)
    elif job is not None:
        claiming.release(generation_id)


def _begin(generation_id, job=None):
    begun = runs.begin(runner.run(generation_id, job))
    if job is not None and not begun:
        spawn(lanes.settling.run(claiming.release, generation_id))


def stop(message_id, owner, *, seen=None):
    """End the reply that `owner` writes, keeping what frame `seen` showed.

    From any thread: tasks and the channel layer belong to the loop.
    """
    if owner == PROCESS:
        if _loop is not None:
            _loop.call_soon_threadsafe(_stop, message_id, seen)
    elif owner:
        events.tell(
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
    while True:
        try:
            await _listen_in(events.process_group(PROCESS))
        except Exception as error:
            logger.warning("Other processes are not heard: %s", error)
        await asyncio.sleep(LISTEN_AGAIN_SECONDS)


async def _listen_in(group):
    inbox = await events.open_inbox(group)
    try:
        while True:
            await _answer(await events.receive(inbox))
    finally:
        await events.close_inbox(group, inbox)


async def _answer(event):
    if event["type"] == events.STOP_WANTED:
        _stop(event["message"], event["seen"])
    elif found := draft(event["message"]):
        await events.answer(event["channel"], events.SNAPSHOT_TAKEN, **found.snapshot())
