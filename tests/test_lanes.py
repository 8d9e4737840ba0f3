"""What runs in a thread of a lane, and what it has to tell the loop."""

import asyncio
import threading
from contextlib import suppress

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import OperationalError, connection, connections

from conversations import events, lanes
from conversations.actions.replies import stop_reply
from conversations.generation import process
from conversations.generation.draft import Draft
from conversations.generation.live import PROCESS, Writing, replies
from conversations.lanes import Lane
from conversations.models import Generation, Message, User
from tests.base import add_turn, make_conversation, make_persona
from tests.patience import PATIENCE_SECONDS

THREADS = 3


@pytest.fixture
async def lane(transactional_db):
    lane = Lane("test", THREADS)
    yield lane
    await lane.close()


@pytest.fixture
async def loop(transactional_db):
    """The loop that writes replies."""
    process.attach(sweeps=False)
    yield asyncio.get_running_loop()
    await process.drain(0)


@database_sync_to_async
def reply_of(owner):
    """A reply that the process `owner` is writing."""
    alice = User.objects.create_user("alice")
    conversation = make_conversation(alice, make_persona())
    _, reply = add_turn(conversation, "Go", None)
    rows = Generation.objects.filter(message=reply)
    rows.update(state=Generation.State.RUNNING, owner=owner)
    return Message.objects.select_related("generation", "conversation").get(pk=reply.pk)


async def write_for_ever(reply):
    begun = {"text": "", "reasoning": "", "seq": 0}
    draft = Draft(message_id=reply.pk, conversation_id=reply.conversation_id, **begun)
    writing = Writing(reply.generation.pk, draft)
    replies.add(writing)
    try:
        await asyncio.Event().wait()
    finally:
        replies.remove(writing)


def ask():
    """Use the connection of this thread; return it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connections["default"]


def lose_connection():
    """As the database does that is restarted; one that is a file only says so."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    raise OperationalError("away")


def is_connected():
    return connection.connection is not None


def server_process():
    """What serves the connection of this thread; None where it is no process."""
    ask()
    if connection.vendor == "postgresql":
        return connection.connection.info.backend_pid
    return None


@database_sync_to_async
def end_on_the_server(pids):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.executemany(
                "SELECT pg_terminate_backend(%s)", [[pid] for pid in pids]
            )


async def in_every_thread(lane, function):
    """Run `function` once in each thread of the lane; return what came of it."""
    meeting = threading.Barrier(THREADS)

    def meet():
        meeting.wait(PATIENCE_SECONDS)
        return function()

    calls = (lane.run(meet) for _ in range(THREADS))
    return await asyncio.gather(*calls, return_exceptions=True)


def stopping(reply):
    return lanes.sockets.run(lambda: stop_reply(reply=reply))


async def test_stop_reaches_the_process_that_writes(loop):
    inbox = await events.open_inbox(events.process_group("elsewhere"))
    reply = await reply_of("elsewhere")
    await stopping(reply)
    event = await asyncio.wait_for(events.receive(inbox), PATIENCE_SECONDS)
    assert (event["type"], event["message"]) == (events.STOP_WANTED, reply.pk)


async def test_stop_is_told_in_the_loop_of_the_replies(loop, monkeypatch):
    told_in = loop.create_future()

    async def note(group, message):
        here = asyncio.get_running_loop()
        loop.call_soon_threadsafe(told_in.set_result, here)

    reply = await reply_of("elsewhere")
    monkeypatch.setattr(get_channel_layer(), "group_send", note)
    await stopping(reply)
    assert await asyncio.wait_for(told_in, PATIENCE_SECONDS) is loop


async def test_stop_ends_what_is_written_here_in_its_own_loop(loop, monkeypatch):
    ended_by = loop.create_future()
    end = Writing.end

    def note_and_end(writing, state, *, seen=None):
        thread = threading.current_thread()
        loop.call_soon_threadsafe(ended_by.set_result, thread)
        end(writing, state, seen=seen)

    monkeypatch.setattr(Writing, "end", note_and_end)
    reply = await reply_of(PROCESS)
    writing = asyncio.create_task(write_for_ever(reply))
    await stopping(reply)
    thread = await asyncio.wait_for(ended_by, PATIENCE_SECONDS)
    assert thread is threading.current_thread()
    await asyncio.wait([writing], timeout=PATIENCE_SECONDS)
    assert writing.cancelled()


async def test_connection_that_was_lost_fails_one_call(lane):
    for lost in await in_every_thread(lane, lose_connection):
        assert isinstance(lost, OperationalError)
    assert await in_every_thread(lane, is_connected) == [False] * THREADS
    assert all(one.connection for one in await in_every_thread(lane, ask))


def lose_and_answer():
    """As a verb does, which says to the page that nothing was saved."""
    with suppress(OperationalError):
        lose_connection()
    with suppress(OperationalError):
        ask()


async def test_connection_whose_loss_was_answered_fails_no_other_call(lane):
    await in_every_thread(lane, lose_and_answer)
    assert all(one.connection for one in await in_every_thread(lane, ask))


async def test_connection_that_was_lost_while_idle_fails_none(lane, monkeypatch):
    pids = await in_every_thread(lane, server_process)
    await end_on_the_server(pids)
    monkeypatch.setattr(lanes, "IDLE_SECONDS", -1)
    assert all(one.connection for one in await in_every_thread(lane, ask))


async def test_lane_that_is_closed_leaves_no_connection(lane):
    opened = await in_every_thread(lane, ask)
    assert len(set(map(id, opened))) == THREADS
    await lane.close()
    assert [one.connection for one in opened] == [None] * THREADS


async def test_lane_that_was_closed_opens_again(lane):
    await lane.run(ask)
    await lane.close()
    assert (await lane.run(ask)).connection is not None
