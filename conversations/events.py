"""What happened, told to every process that has somebody watching.

The only place that sends over the channel layer. The layer delivers at most once
and drops when full or away: an event says "look here", and no reader may depend on
seeing it. That it is away is said once, by the layer.
"""

import asyncio
import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)
_loop = None
_telling = set()  # the loop itself keeps only weak references

MESSAGE_POSTED = "message.posted"
GENERATION_PROGRESSED = "generation.progressed"
GENERATION_ENDED = "generation.ended"
CONVERSATION_CHANGED = "conversation.changed"
CONVERSATIONS_CHANGED = "conversations.changed"
ACCESS_CHANGED = "access.changed"
BRANCH_SELECTED = "branch.selected"
FOLDERS_CHANGED = "folders.changed"
SNAPSHOT_WANTED = "snapshot.wanted"
SNAPSHOT_TAKEN = "snapshot.taken"
STOP_WANTED = "stop.wanted"
SIGN_IN_CHANGED = "sign_in.changed"
NOTICES_CHANGED = "notices.changed"

# Whoever joins this group is told after each time that events of other processes may
# have been missed.
GAPS = "gaps"
EVENTS_MISSED = "events.missed"


# Every tab that shows the list of somebody.
EVERYBODY = "everybody"


def conversation_group(conversation_id):
    return f"conversation.{conversation_id}"


def user_group(user_id):
    return f"user.{user_id}"


def sign_in_group(user_id):
    """The group of all sockets that this user has opened."""
    return f"sign_in.{user_id}"


def process_group(process):
    """The group in which only `process` itself listens."""
    return f"process.{process}"


def is_reachable():
    """Whether other processes can be told; alone, a process has nobody to miss."""
    return get_channel_layer().is_reachable


async def publish(group, event, **payload):
    """Tell `group`. What goes wrong costs a line in the log, never the caller."""
    try:
        await get_channel_layer().group_send(group, {"type": event, **payload})
    except Exception as error:
        logger.warning("Could not tell %s of %s: %s", group, event, error)


def publish_on_commit(group, event, **payload):
    """Tell `group` once the transaction is durable, from synchronous code."""
    transaction.on_commit(lambda: _hand_over(publish(group, event, **payload)))


def changed_in_lists(conversation_id, user_ids):
    """Have the lists of these people show it as it is once the transaction is over."""
    for user_id in user_ids:
        _changed(user_group(user_id), conversation_id)


def changed_on_pages(conversation_id, *, reader=None):
    """Have its pages show it as it is then: all of them, or those of `reader` alone."""
    _changed(conversation_group(conversation_id), conversation_id, reader=reader)


def _changed(group, conversation_id, **how):
    told = {"conversation": str(conversation_id), **how}
    publish_on_commit(group, CONVERSATION_CHANGED, **told)


def tell(group, event, **payload):
    """Tell `group` at once, from synchronous code in any thread."""
    _hand_over(publish(group, event, **payload))


def speak_in(loop):
    """Publish in `loop` what synchronous code has to tell; None: wherever it is.

    With a loop nobody waits: the thread that told, in which others wait for the
    database, goes on.
    """
    global _loop
    _loop = loop


def _hand_over(coroutine):
    if _loop is not None:
        _loop.call_soon_threadsafe(_begin, coroutine)
    else:
        async_to_sync(_finished)(coroutine)


def _begin(coroutine):
    task = asyncio.get_running_loop().create_task(coroutine)
    _telling.add(task)
    task.add_done_callback(_telling.discard)


async def _finished(coroutine):
    await coroutine
    await get_channel_layer().sent()  # before this loop ends, as it may


async def answer(channel, event, **payload):
    """Tell one listener that asked."""
    try:
        await get_channel_layer().send(channel, {"type": event, **payload})
    except Exception as error:
        logger.warning("Could not answer with %s: %s", event, error)


async def open_inbox(group):
    """Join `group` with a new channel and return its name."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group, channel)
    return channel


async def receive(channel):
    """Wait for the next event in an inbox."""
    return await get_channel_layer().receive(channel)


async def close_inbox(group, channel):
    await get_channel_layer().group_discard(group, channel)
