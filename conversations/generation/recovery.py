"""Replies whose process is gone: settled with their text, or started after all."""

import asyncio
import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models.functions import Now
from django.utils import timezone

from conversations import leases
from conversations.lanes import settling
from conversations.models import Failure, Generation

from . import spending
from .live import PROCESS, replies
from .outcome import Outcome
from .settling import settle
from .tasks import runs

logger = logging.getLogger(__name__)
State = Generation.State

# A queued reply is started at once by whoever posted it; older ones were forgotten.
QUEUED_SECONDS = 2
# Whoever has not watched the database for a whole lease waits for so many of them: it
# may have been away, and then nobody could give a sign of life.
UNSURE_LEASES = 3
# An answer that took longer was not there all the time.
LONGEST_PAUSE_SECONDS = 1


class Contact:
    """Since when this process has seen the database answer without a pause.

    A database that is away need not raise: a pool, or a lock, lets us wait.
    """

    def __init__(self):
        self.reset()

    def reset(self):
        self._since = self._last = None
        self._was_lost = False

    def seen(self):
        now = time.monotonic()
        longest = settings.GENERATION_SWEEP_SECONDS + LONGEST_PAUSE_SECONDS
        if self._last is None or now - self._last > longest:
            self._since, self._was_lost = now, self._last is not None
        self._last = now

    @property
    def patience(self):
        """So many leases without a sign of life are the end; None: nobody knows."""
        if self._since is None:
            return UNSURE_LEASES
        if time.monotonic() - self._since >= settings.GENERATION_STALE_SECONDS:
            return 1
        return None if self._was_lost else UNSURE_LEASES


contact = Contact()


async def sweep_by_the_clock(start):
    """Look after abandoned replies for as long as the process lives.

    `start` is called with the pk of each generation to start here.
    """
    contact.reset()
    while True:
        try:
            for pk in await settling.run(sweep):
                start(pk)
        except Exception as error:
            logger.error("Abandoned replies were not looked after: %s", error)
        await asyncio.sleep(settings.GENERATION_SWEEP_SECONDS)


def sweep():
    """Settle what is stale and return the pks of the queued that nobody started.

    One process sweeps at a time; another takes over when that one is gone, or when it
    is about to go: what it finds, it could not begin.
    """
    if not runs.are_welcome:
        return []
    queued = _forgotten()
    contact.seen()  # it has just answered
    seconds = max(1, 3 * settings.GENERATION_SWEEP_SECONDS)
    if not leases.holds("sweep", PROCESS, seconds):
        return []
    settle_stale(Generation.objects.all())
    return queued


def _forgotten():
    """Return the pks of the queued replies that nobody started and nothing holds up."""
    forgotten = timezone.now() - timedelta(seconds=QUEUED_SECONDS)
    queued = Generation.objects.filter(state=State.QUEUED, created_at__lt=forgotten)
    queued = queued.exclude(
        message__parent__parent__generation__state__in=Generation.OPEN
    )
    return list(queued.order_by("pk").values_list("pk", flat=True)[:100])


def settle_stale(generations):
    """Settle those of `generations` that nobody writes any more as interrupted.

    The database's clock counts, as the processes may be on several machines.
    """
    if contact.patience is None:
        return
    lease = timedelta(seconds=settings.GENERATION_STALE_SECONDS)
    before = Now() - contact.patience * lease
    stale = generations.filter(state=State.RUNNING, heartbeat_at__lt=before)
    # Ours are alive, even if the database was away when they should have said so.
    stale = stale.exclude(message_id__in=[w.draft.message_id for w in replies])
    rows = stale.select_related(
        "model__provider", "message__conversation", "message__parent", "persona_version"
    )
    for generation in rows:
        outcome = Outcome(State.INTERRUPTED, Failure.INTERRUPTED, asked=True)
        try:
            outcome.call = spending.abandoned_call(generation)
            if settle(generation, outcome, heartbeat_at__lt=before):
                logger.warning("Reply %s was abandoned", generation.message_id)
        except DatabaseError:
            logger.exception("Reply %s cannot be settled", generation.message_id)
