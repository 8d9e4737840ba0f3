"""Replies whose process is gone: settled with their text, or started after all."""

import asyncio
import logging
from datetime import timedelta

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone

from conversations.models import Failure, Generation

from .live import replies
from .settling import Outcome, settle

logger = logging.getLogger(__name__)
State = Generation.State

# A queued reply is started at once by whoever posted it; older ones were forgotten.
QUEUED_SECONDS = 2


async def sweep_by_the_clock(start):
    """Look after abandoned replies for as long as the process lives.

    `start` is called with the pk of each generation to start here.
    """
    while True:
        try:
            for pk in await database_sync_to_async(sweep)():
                start(pk)
        except Exception as error:
            logger.error("Abandoned replies were not looked after: %s", error)
        await asyncio.sleep(settings.GENERATION_SWEEP_SECONDS)


def sweep():
    """Settle what is stale and return the pks of the queued that nobody started."""
    settle_stale(Generation.objects.all())
    forgotten = timezone.now() - timedelta(seconds=QUEUED_SECONDS)
    queued = Generation.objects.filter(state=State.QUEUED, created_at__lt=forgotten)
    return list(queued.order_by("pk").values_list("pk", flat=True)[:100])


def settle_stale(generations):
    """Settle those of `generations` that nobody writes any more as interrupted."""
    stale_before = timezone.now() - timedelta(seconds=settings.GENERATION_STALE_SECONDS)
    stale = generations.filter(state=State.RUNNING, heartbeat_at__lt=stale_before)
    # Ours are alive, even if the database was away when they should have said so.
    stale = stale.exclude(message_id__in=[w.draft.message_id for w in replies])
    for generation in stale.select_related("model"):
        outcome = Outcome(State.INTERRUPTED, Failure.INTERRUPTED)
        if settle(generation, outcome, heartbeat_at__lt=stale_before):
            logger.warning("Reply %s was abandoned", generation.message_id)
