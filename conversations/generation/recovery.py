"""Replies whose process is gone: settled with their text, or started after all."""

import asyncio
import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from conversations import leases
from conversations.lanes import settling
from conversations.models import Failure, Generation

from .live import PROCESS, replies
from .settling import Outcome, settle

logger = logging.getLogger(__name__)
State = Generation.State

# A queued reply is started at once by whoever posted it; older ones were forgotten.
QUEUED_SECONDS = 2
# Whoever has not watched the database for a whole lease waits for so many of them: it
# may have been away, and then nobody could give a sign of life.
UNSURE_LEASES = 3


class Contact:
    """Since when this process has seen the database answer, sweep after sweep."""

    def __init__(self):
        self._since = None

    def seen(self):
        if self._since is None:
            self._since = time.monotonic()

    def lost(self):
        self._since = None

    @property
    def is_sure(self):
        """Whether a process that gave no sign of life for a lease would have had to."""
        if self._since is None:
            return False
        return time.monotonic() - self._since >= settings.GENERATION_STALE_SECONDS


contact = Contact()


async def sweep_by_the_clock(start):
    """Look after abandoned replies for as long as the process lives.

    `start` is called with the pk of each generation to start here.
    """
    contact.lost()
    while True:
        try:
            for pk in await settling.run(_sweep_if_it_is_our_turn):
                start(pk)
            contact.seen()
        except Exception as error:
            contact.lost()
            logger.error("Abandoned replies were not looked after: %s", error)
        await asyncio.sleep(settings.GENERATION_SWEEP_SECONDS)


def _sweep_if_it_is_our_turn():
    """One process sweeps at a time; another takes over when that one is gone."""
    seconds = max(1, 3 * settings.GENERATION_SWEEP_SECONDS)
    return sweep() if leases.holds("sweep", PROCESS, seconds) else []


def sweep():
    """Settle what is stale and return the pks of the queued that nobody started."""
    patience = 1 if contact.is_sure else UNSURE_LEASES
    settle_stale(Generation.objects.all(), patience=patience)
    forgotten = timezone.now() - timedelta(seconds=QUEUED_SECONDS)
    queued = Generation.objects.filter(state=State.QUEUED, created_at__lt=forgotten)
    return list(queued.order_by("pk").values_list("pk", flat=True)[:100])


def settle_stale(generations, *, patience=UNSURE_LEASES):
    """Settle those of `generations` that nobody writes any more as interrupted.

    The database's clock counts, as the processes may be on several machines.
    """
    lease = timedelta(seconds=settings.GENERATION_STALE_SECONDS)
    before = Now() - patience * lease
    stale = generations.filter(state=State.RUNNING, heartbeat_at__lt=before)
    # Ours are alive, even if the database was away when they should have said so.
    stale = stale.exclude(message_id__in=[w.draft.message_id for w in replies])
    for generation in stale.select_related("model", "message__conversation"):
        outcome = Outcome(State.INTERRUPTED, Failure.INTERRUPTED)
        if settle(generation, outcome, heartbeat_at__lt=before):
            logger.warning("Reply %s was abandoned", generation.message_id)
