"""What is due to go: out of the bin, temporary chats whose hours are over, what closed
accounts have left, and accounts whose address nobody has confirmed.
"""

import asyncio
import logging

from conversations import lanes, leases
from conversations.actions.accounts import erase_removed
from conversations.actions.bin import delete_due
from conversations.actions.sign_up import erase_unconfirmed
from conversations.generation.live import PROCESS

logger = logging.getLogger(__name__)

CLEARING_SECONDS = 60
# Between two batches: others write in the meantime.
PAUSE_SECONDS = 0.5


async def clear_by_the_clock():
    """Delete what is due, in batches, for as long as the process serves."""
    while True:
        deleted = 0
        try:
            deleted = await lanes.settling.run(_delete_if_it_is_our_turn)
        except Exception as error:
            logger.error("What is due was not deleted: %s", error)
        await asyncio.sleep(PAUSE_SECONDS if deleted else CLEARING_SECONDS)


def _delete_if_it_is_our_turn():
    """One process deletes at a time; another takes over when that one is gone."""
    if not leases.holds("clearing", PROCESS, 3 * CLEARING_SECONDS):
        return 0
    return delete_due() + erase_removed() + erase_unconfirmed()
