"""What is due to go: out of the bin, temporary chats whose hours are over, what the
site keeps no longer, what closed accounts have left, accounts whose address nobody has
confirmed, and sessions that are over.
"""

import asyncio
import logging
import time

from django.core.cache import cache

from conversations import lanes, leases, rendering, usage
from conversations.actions.accounts import erase_removed
from conversations.actions.bin import delete_due
from conversations.actions.retention import delete_outlived
from conversations.actions.sessions import erase_expired
from conversations.actions.sign_up import erase_unconfirmed
from conversations.generation.live import PROCESS
from conversations.search import excerpts, index

logger = logging.getLogger(__name__)

CLEARING_SECONDS = 60
# Between two batches: others write in the meantime.
PAUSE_SECONDS = 0.5
RETENTION_SECONDS = 3600
RESTING = "retention.resting"
PURGE_SECONDS = 12 * 3600
PURGED = "search.purged"
FORGET_SECONDS = 12 * 3600


async def clear_by_the_clock():
    """Delete what is due, in batches, for as long as the process serves."""
    forgot_at = time.monotonic()
    while True:
        if time.monotonic() - forgot_at > FORGET_SECONDS:
            forgot_at = time.monotonic()
            _forget_texts()
        deleted = 0
        try:
            deleted = await lanes.settling.run(_delete_if_it_is_our_turn)
        except Exception as error:
            logger.error("What is due was not deleted: %s", error)
        await asyncio.sleep(PAUSE_SECONDS if deleted else CLEARING_SECONDS)


def _forget_texts():
    """Let go of what this process has in mind of texts: they may be erased by now."""
    rendering.forget()
    excerpts.pattern_of.cache_clear()


def _delete_if_it_is_our_turn():
    """One process deletes at a time; another takes over when that one is gone."""
    if not leases.holds("clearing", PROCESS, 3 * CLEARING_SECONDS):
        return 0
    usage.release_stale()
    deleted = delete_due() + erase_removed() + erase_unconfirmed() + erase_expired()
    return deleted + _delete_outlived_by_the_hour() + _purge_index_by_the_day()


def _delete_outlived_by_the_hour():
    """Once nothing has outlived its days, it is looked at again in an hour.

    What goes then goes together, and is told together.
    """
    if cache.get(RESTING):
        return 0
    deleted = delete_outlived()
    if not deleted:
        cache.set(RESTING, True, RETENTION_SECONDS)
    return deleted


def _purge_index_by_the_day():
    """What was erased is gone from the file of the index within a day, too."""
    is_done = cache.get(PURGED)
    if is_done:
        return 0
    there_is_more = index.purge(begins=is_done is None)
    cache.set(PURGED, not there_is_more, PURGE_SECONDS)
    return int(there_is_more)
