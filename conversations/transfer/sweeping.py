"""What is left behind: transfers of processes that are gone, files nobody fetches."""

import logging
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Transfer

from . import files

logger = logging.getLogger(__name__)
State = Transfer.State

# So often a process looks, at most.
SWEEP_SECONDS = 5.0
# What ends its process so often is not begun again.
MOST_ATTEMPTS = 3
# A file that belongs to no transfer may belong to one that is just being made.
ORPHAN_SECONDS = 24 * 60 * 60

_lock = threading.Lock()
_swept_at = float("-inf")


def sweep_if_due():
    """Sweep, unless this process did a moment ago."""
    global _swept_at
    with _lock:
        now = time.monotonic()
        if now - _swept_at < min(SWEEP_SECONDS, settings.TRANSFER_STALE_SECONDS):
            return
        _swept_at = now
    sweep()


def sweep():
    """Have abandoned transfers taken up again, and remove files that are too old.

    Several processes may do it at once.
    """
    _release_abandoned()
    _remove_old()
    _remove_sources()
    _remove_orphans()


def _release_abandoned():
    """The database's clock counts, as the processes may be on several machines."""
    before = Now() - timedelta(seconds=settings.TRANSFER_STALE_SECONDS)
    abandoned = Transfer.objects.filter(state=State.RUNNING, heartbeat_at__lt=before)
    given_up = abandoned.filter(attempts__gte=MOST_ATTEMPTS)
    for transfer in given_up:
        sentence = _("It ended the process that ran it, several times.")
        if given_up.filter(pk=transfer.pk).update(
            state=State.FAILED, error=sentence, ended_at=timezone.now()
        ):
            logger.error("Transfer %s is given up", transfer.pk)
            remove_files(transfer)
    if again := abandoned.update(state=State.QUEUED, process=""):
        logger.warning("%s abandoned transfers are taken up again", again)


def _remove_old():
    before = timezone.now() - timedelta(days=settings.TRANSFER_KEEP_DAYS)
    old = Transfer.objects.exclude(result_file="").filter(ended_at__lt=before)
    for transfer in old:
        files.remove(transfer.result_file)
        Transfer.objects.filter(pk=transfer.pk).update(result_file="")


def _remove_sources():
    """Those of cancelled imports whose process was gone before it could clear away."""
    before = timezone.now() - timedelta(seconds=10 * settings.TRANSFER_STALE_SECONDS)
    ended = Transfer.objects.exclude(source_file="").filter(ended_at__lt=before)
    for transfer in ended:
        remove_source(transfer)


def _remove_orphans():
    before = time.time() - ORPHAN_SECONDS
    found = {p.name for p in files.folder().iterdir() if p.stat().st_mtime < before}
    if found:
        rows = Transfer.objects.values_list("source_file", "result_file")
        for name in found - {name for row in rows for name in row}:
            files.remove(name)


def remove_source(transfer):
    """Remove the file of an import, which is read."""
    if transfer.source_file:
        Transfer.objects.filter(pk=transfer.pk).update(source_file="")
        files.remove(transfer.source_file)


def remove_files(transfer, *, unless_open=False):
    """Remove what came in and what was made; `unless_open`: it may run elsewhere."""
    rows = Transfer.objects.filter(pk=transfer.pk)
    if unless_open and rows.open().exists():
        return
    rows.update(source_file="", result_file="")
    for name in (transfer.source_file, transfer.result_file, *part_names(transfer)):
        files.remove(name)


def part_names(transfer):
    """Return the names of what is not finished yet."""
    return [f"{transfer.pk}.zip.part"]
