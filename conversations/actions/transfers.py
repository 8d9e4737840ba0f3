from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Transfer
from conversations.transfer import jobs, running, sweeping

from .refusals import Refusal, count
from .turns import take_turn

# What one person may have waiting and running.
MOST_OPEN = 3


def start_import(*, user, received, here=False):
    """Have the ReceivedFile brought in, in the background; return the Transfer.

    `here`: it is claimed for this process, and the caller runs it. Raises Refusal when
    it is empty or too large, and when too many wait already.
    """
    if not received.size_bytes:
        raise Refusal("empty", _("The file is empty. Choose another."))
    if received.size_bytes > settings.TRANSFER_MAX_BYTES:
        raise Refusal("too_large", _("The file is too large."))
    count(user, "imports_per_day")
    transfer = _start(
        user,
        kind=Transfer.Kind.IMPORT,
        source_file=received.stored_as,
        source_name=received.name[:200],
        **(running.claimed() if here else {}),
    )
    received.keep()
    return transfer


@transaction.atomic
def start_export(*, user):
    """Have all that `user` owns written into one ZIP; return the Transfer.

    One that waits or runs already is returned instead of another.
    """
    take_turn(user.pk)
    waiting = user.transfers.open().filter(kind=Transfer.Kind.EXPORT).first()
    if waiting is not None:
        return waiting
    count(user, "exports_per_day")
    return _start(user, kind=Transfer.Kind.EXPORT)


def check_upload(*, user):
    """Refuse one upload too many, before it is taken in."""
    count(user, "uploads_per_hour")


@transaction.atomic
def _start(user, **fields):
    take_turn(user.pk)  # two at once count each other
    is_running = user.transfers.filter(state=Transfer.State.RUNNING).exists()
    if fields.get("state") == Transfer.State.RUNNING and is_running:
        # Each clears away first what another has left unfinished.
        raise Refusal(
            "running",
            _("Another import or export of this person is running. Wait for its end."),
        )
    if user.transfers.open().count() >= MOST_OPEN:
        raise Refusal(
            "too_many", _("Wait until what you have started is done, or cancel it.")
        )
    transfer = Transfer.objects.create(owner=user, **fields)
    transaction.on_commit(jobs.wake)
    return transfer


def cancel_transfer(*, transfer):
    """Stop it, if it waits or runs; what an import has brought in stays."""
    waits = Transfer.objects.filter(pk=transfer.pk, state=Transfer.State.QUEUED)
    ended = {"state": Transfer.State.CANCELLED, "ended_at": timezone.now()}
    if waits.update(**ended):
        sweeping.remove_files(transfer)
    else:  # whoever runs it clears it away
        Transfer.objects.filter(pk=transfer.pk).open().update(**ended)


def remove_transfer(*, transfer):
    """Take it out of the list, with its files; cancel it before if need be."""
    cancel_transfer(transfer=transfer)
    transfer.refresh_from_db()
    sweeping.remove_files(transfer)
    transfer.delete()
