"""Runs what takes long: imports and exports, one at a time in each process.

They wait in the table. A process claims one by a guarded UPDATE, gives signs of life
while it runs, and lets go of it when told to end. One whose process is gone is taken up
again by another: what an import has brought in already it only counts, an export begins
anew.
"""

import asyncio
import logging
import threading

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from conversations.models import Transfer, User

from . import sweeping
from .running import LETTING_GO_SECONDS, carry_out, process_name

logger = logging.getLogger(__name__)
State = Transfer.State

# How often a process looks for what others have put there.
LOOK_SECONDS = 2.0

_worker = None


def attach():
    """Run what waits, in a thread of this process, from now on."""
    global _worker
    if _worker is None or not _worker.is_alive():
        _worker = Worker()
        _worker.start()


def wake():
    """Have this process look at once; others look by themselves."""
    if _worker is not None:
        _worker.wake.set()


async def drain():
    """Let go of what runs here; another process, or the next, takes it up again."""
    global _worker
    worker, _worker = _worker, None
    if worker is not None:
        worker.end()
        await asyncio.to_thread(worker.join, LETTING_GO_SECONDS)


class Worker(threading.Thread):
    """Looks, runs, looks again, until told to end."""

    def __init__(self):
        super().__init__(name="transfers", daemon=True)
        self.wake, self.ending = threading.Event(), threading.Event()

    def end(self):
        self.ending.set()
        self.wake.set()

    def run(self):
        is_idle = True
        while not self.ending.is_set():
            if is_idle:
                self.wake.wait(LOOK_SECONDS)
            self.wake.clear()
            if not self.ending.is_set():
                is_idle = not self._do_one()
        connection.close()

    def _do_one(self):
        """Do what waits longest; return whether there was something."""
        close_old_connections()
        try:
            sweeping.sweep_if_due()
            transfer = claim()
            if transfer is None:
                return False
            carry_out(transfer, self.ending)
        except DatabaseError as error:
            logger.warning("Transfers wait for the database: %s", error)
            connection.close()
            return False
        except Exception:
            logger.exception("A transfer could not be looked after")
            return False
        finally:
            close_old_connections()
        return True


def claim():
    """Return the Transfer that is now ours to run; None where nothing waits.

    A person's are run one after the other, so that nobody waits for one of many.
    """
    running = Transfer.objects.filter(state=State.RUNNING).values("owner")
    waiting = Transfer.objects.filter(state=State.QUEUED).exclude(owner__in=running)
    for pk, owner_id in waiting.order_by("created_at").values_list("pk", "owner")[:20]:
        if _claim_this(pk, owner_id):
            return Transfer.objects.select_related("owner").get(pk=pk)
    return None


@transaction.atomic
def _claim_this(pk, owner_id):
    """Return whether it is ours; not if another process runs one of this person."""
    # They wait for each other, as both may have looked before either claimed.
    list(User.objects.filter(pk=owner_id).select_for_update(no_key=True))
    if Transfer.objects.filter(owner=owner_id, state=State.RUNNING).exists():
        return False
    return Transfer.objects.filter(pk=pk, state=State.QUEUED).update(
        state=State.RUNNING,
        process=process_name(),
        heartbeat_at=Now(),
        attempts=F("attempts") + 1,
    )
