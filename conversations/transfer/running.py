"""One transfer from its claim to its end: progress, signs of life, how it ended."""

import importlib
import logging
import os
import socket
import threading
import time
import uuid
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import locales
from conversations.lanes import AWAY
from conversations.models import Transfer

from . import files, sweeping
from .failures import Cancelled, TransferFailed

logger = logging.getLogger(__name__)
Kind, State = Transfer.Kind, Transfer.State

# The module that does it, loaded when there is something to do: its `run(transfer,
# tell)` returns the report.
MODULES = {Kind.IMPORT: ".importing", Kind.EXPORT: ".archive"}
# The row learns of progress so often at most.
SAVE_SECONDS = 0.5
# How long a running one gets to let go when the process ends.
LETTING_GO_SECONDS = 5.0


@cache
def process_name():
    """Return what this process is called in the table."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def claimed():
    """Return the fields of a Transfer that this process runs from now on."""
    return {
        "state": State.RUNNING,
        "process": process_name(),
        "heartbeat_at": timezone.now(),
        "attempts": 1,
    }


def carry_out(transfer, ending, *, also_tell=None):
    """Run a claimed `transfer` to its end, and note how that was.

    Once `ending` is set it lets go. `also_tell(done, total)` hears of progress, too.
    """
    tell = Telling(transfer, ending, also_tell)
    with locales.of_user(transfer.owner).active(), Beat(transfer):
        ended = _run(transfer, tell)
    if ended is None:
        _let_go(transfer, ending)
    else:
        _settle(transfer, **ended)


def _run(transfer, tell):
    """Return the fields to settle it with; None when it is to be let go of."""
    try:
        _check_source(transfer)
        module = importlib.import_module(MODULES[transfer.kind], __package__)
        return {"state": State.DONE, "report": module.run(transfer, tell) or {}}
    except Cancelled:
        return None
    except AWAY:
        raise  # it will be taken up again
    except TransferFailed as failure:
        sentence = str(failure)
    except OSError:
        logger.exception("Transfer %s failed", transfer.pk)
        sentence = _("The site could not write or read the file. Try again later.")
    except Exception:
        logger.exception("Transfer %s failed", transfer.pk)
        sentence = _("The site met an error of its own. Its administrators can see it.")
    return {"state": State.FAILED, "error": sentence[:300]}


def _check_source(transfer):
    if transfer.source_file and not files.source_path(transfer).exists():
        raise TransferFailed(_("The file is not here any more. Choose it again."))


def _settle(transfer, **fields):
    """Note its end; unless it was cancelled or taken up by another in the meantime."""
    if _mine(transfer).update(ended_at=timezone.now(), **fields):
        logger.info("Transfer %s: %s", transfer.pk, fields["state"])
        if fields["state"] == State.DONE:
            sweeping.remove_source(transfer)
            return
    sweeping.remove_files(transfer, unless_open=True)


def _let_go(transfer, ending):
    """Put it back where the process ends; where it was cancelled, clear it away."""
    if ending.is_set():
        _mine(transfer).update(
            state=State.QUEUED, process="", attempts=F("attempts") - 1
        )
    sweeping.remove_files(transfer, unless_open=True)


def _mine(transfer):
    return Transfer.objects.filter(
        pk=transfer.pk, state=State.RUNNING, process=process_name()
    )


class Telling:
    """What a run calls for every entry: `tell(done, total)`; 0: nobody knows yet.

    Raises Cancelled when it is to stop. The row learns of it twice a second at most.
    """

    def __init__(self, transfer, ending, also_tell=None):
        self._transfer, self._ending, self._also_tell = transfer, ending, also_tell
        self._told_at = float("-inf")

    def __call__(self, done, total=0):
        if self._ending.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._told_at < SAVE_SECONDS:
            return
        self._told_at = now
        if not _mine(self._transfer).update(done=done, total=total, heartbeat_at=Now()):
            raise Cancelled
        if self._also_tell:
            self._also_tell(done, total)


class Beat:
    """Signs of life while a single step takes long, from a thread beside it."""

    def __init__(self, transfer):
        self._transfer, self._over = transfer, threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._beat, name="transfer-beat")
        self._thread.daemon = True
        self._thread.start()

    def __exit__(self, *exc_info):
        self._over.set()
        self._thread.join(LETTING_GO_SECONDS)

    def _beat(self):
        while not self._over.wait(settings.TRANSFER_STALE_SECONDS / 4):
            try:
                _mine(self._transfer).update(heartbeat_at=Now())
            except DatabaseError as error:
                logger.warning("A transfer gives no sign of life: %s", error)
            finally:
                connection.close()
