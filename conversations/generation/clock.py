"""Shows and saves the growing replies of this process, all of them by one clock."""

import asyncio
import logging
import time

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from conversations import events, metrics
from conversations.lanes import saving
from conversations.models import Generation, Message
from conversations.wire import spelled

from .live import PROCESS, replies

logger = logging.getLogger(__name__)

# Under load frames grow, they do not queue: the pause between two rounds is at least so
# many times what a round takes, and so many times what the loop is late.
ROUND_STRETCH, LAG_STRETCH = 12, 2
LONGEST_PAUSE_SECONDS = 1.0


class Beat:
    """The moment at which replies take in what has come, to be shown together.

    Reading a stream at each beat, and not at each of its chunks, is a fifth of what a
    token costs less.
    """

    def __init__(self):
        self.reset()

    def reset(self):
        self._waiting = []

    def next(self):
        """Return a future that is done at the next beat."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return waiting

    async def strike(self):
        """Wake those who wait, and let them take what is there."""
        struck, self._waiting = self._waiting, []
        for waiting in struck:
            if not waiting.done():
                waiting.set_result(None)
        await asyncio.sleep(0)


beat = Beat()


async def show(draft):
    """Send everybody who watches what is new in `draft`."""
    group = events.conversation_group(draft.conversation_id)
    for patch in draft.flush():
        await events.publish(
            group,
            events.GENERATION_PROGRESSED,
            message=draft.message_id,
            seq=patch.seq,
            text=spelled(patch.frame(draft.message_id)),  # once, however many watch
        )


async def show_by_the_clock():
    """Show what is due, for as long as the process lives."""
    loop = asyncio.get_running_loop()
    shortest = pause = settings.GENERATION_FRAME_SECONDS
    while True:
        await replies.wait()
        due = loop.time() + pause
        await asyncio.sleep(pause)
        started = loop.time()
        metrics.loop_lagged(started - due)
        await beat.strike()
        for writing in replies:
            await show_if_due(writing)
        await asyncio.sleep(0)  # those who watch send what they were told
        took = loop.time() - started
        stretched = max(ROUND_STRETCH * took, LAG_STRETCH * (started - due))
        pause = min(max(shortest, stretched), LONGEST_PAUSE_SECONDS)


async def show_if_due(writing):
    """Show it; one that cannot be shown ends, and the others go on.

    Not once it is over: its end may be told already, or what was not seen be dropped.
    """
    try:
        if not writing.is_over and writing.draft.is_due:
            await show(writing.draft)
    except Exception:
        logger.exception("Reply %s cannot be shown", writing.draft.message_id)
        writing.end(Generation.State.FAILED)


async def save_by_the_clock():
    """Save every growing reply once a second, for as long as the process lives."""
    loop = asyncio.get_running_loop()
    due = 0.0
    while True:
        await replies.wait()
        # From beginning to beginning: what is lost at worst is no more than that.
        period = settings.GENERATION_SAVE_SECONDS
        due = max(due + period, loop.time() + period / 2)
        await asyncio.sleep(due - loop.time())
        try:
            await save()
        except Exception as error:
            # The texts are still here, and are saved when the database is back.
            logger.error("Growing replies are not saved: %s", error)


async def save():
    """Save the new text of all, and end those whose Stop reached only the database."""
    drafts = [w.draft for w in replies if not w.draft.is_saved]
    texts = {d.message_id: (d.text, d.reasoning, d.seq) for d in drafts}
    live = [w.draft.message_id for w in replies]
    for draft in drafts:
        draft.is_saved = True
    started = time.monotonic()
    try:
        stopped = await saving.run(_save, live, texts)
    except Exception:
        for draft in drafts:
            draft.is_saved = False
        raise
    metrics.saved(len(drafts), time.monotonic() - started)
    for message_id in stopped:
        if writing := replies.get(message_id):
            writing.end(Generation.State.STOPPED)


def _save(live, texts):
    """Write all in one transaction; return the messages that somebody asked to stop.

    What is no longer ours, or has ended since, is left as it is; and what is ours by
    its row but not `live` gets no sign of life, so that it will be settled.
    """
    mine = Generation.objects.owned_by(PROCESS).filter(message_id__in=live)
    with transaction.atomic():
        mine.update(heartbeat_at=Now())
        ours = dict(mine.values_list("message_id", "stop_requested"))
        _save_texts({pk: row for pk, row in texts.items() if pk in ours})
    return [message_id for message_id, stop in ours.items() if stop]


def _save_texts(texts):
    """Two statements for all replies: an UPDATE each would hold the thread too long."""
    if not texts:
        return
    message, generation = Message._meta.db_table, Generation._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {message} SET text = %s, reasoning = %s WHERE id = %s",
            [(text, reasoning, pk) for pk, (text, reasoning, _) in texts.items()],
        )
        cursor.executemany(
            f"UPDATE {generation} SET seq = %s WHERE message_id = %s",
            [(seq, pk) for pk, (_, _, seq) in texts.items()],
        )
