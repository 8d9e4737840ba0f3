"""An import: the file of a Transfer becomes conversations of its owner."""

import heapq
import logging

from django.db import IntegrityError
from django.utils.translation import gettext as _

from conversations import events
from conversations.lanes import AWAY
from conversations.models import Conversation

from . import files, reading, rows
from .entries import Belongings, Fault
from .failures import Cancelled, TransferFailed
from .keeping import Keeper
from .limits import limits
from .sources import Authors

logger = logging.getLogger(__name__)

# Named in the report; the others are only counted.
MOST_REASONS = 500
# Shown at once by the pages that are open; the list has no room for more.
MOST_ANNOUNCED = 20


def run(transfer, tell):
    """Take what is in the file of `transfer`; return the report.

    `tell(done, total)` is called after each conversation, in bytes, and may raise
    Cancelled: what was taken stays. Running it again takes only what is missing.
    Raises TransferFailed when there is no conversation in the file.
    """
    return take(transfer.owner, files.source_path(transfer), tell)


def take(owner, path, tell):
    """Take the conversations in the file at `path` for `owner`; see `run`."""
    taking = _Import(owner)
    try:
        with reading.opened(path, limits()) as package:
            tell(0, package.total_bytes)
            for item in package:
                taking.take(item)
                tell(package.read_bytes, package.total_bytes)
    finally:
        taking.announce()
    others = package.passed_over + taking.report["skipped_count"]
    if not taking.knows_format and (others or not package.total_bytes):
        raise TransferFailed(
            _(
                "No conversations were found in this file. Choose the ZIP or the JSON "
                "that you got, as it is."
            )
        )
    return taking.report


class _Import:
    def __init__(self, owner):
        self._owner = owner
        self._writer = rows.Writer(owner, Authors(owner), _("New chat"))
        mine = Conversation.objects.filter(owner=owner).exclude(imported_from="")
        self._known = set(mine.values_list("imported_from", flat=True))
        self._newest = []
        self.knows_format = False
        self.report = {"made": 0, "known": 0, "skipped": [], "skipped_count": 0}
        self._keeper = Keeper(owner, self.report, self._skip)

    def take(self, item):
        """Save an Entry or Belongings, or note a Fault."""
        if isinstance(item, Fault):
            self.knows_format |= not item.is_foreign
            self._skip(item.title, item.why)
            return
        self.knows_format = True
        try:
            self._save(item)
        except (*AWAY, Cancelled):
            raise
        except Exception:  # of one entry; the others are not to blame
            logger.exception("An entry of %s could not be saved", self._owner.pk)
            title = "" if isinstance(item, Belongings) else item.title
            self._skip(title, _("It could not be saved."))

    def _save(self, item):
        if isinstance(item, Belongings):
            self._keeper.take(item.value)
            return
        if self._is_known(item):
            self.report["known"] += 1
            return
        try:
            conversation = self._writer.save(item)
        except IntegrityError:
            self._met_another(item)
            return
        self._known.add(rows.imported_from(item))
        self.report["made"] += 1
        self._remember(conversation)

    def announce(self):
        """Show what is new in the lists that are open."""
        self._keeper.announce()
        for _at, pk in sorted(self._newest):
            events.tell(
                events.user_group(self._owner.pk),
                events.CONVERSATION_CHANGED,
                conversation=pk,
            )

    def _is_known(self, entry):
        """Whether it is here already, be it in the bin."""
        if rows.imported_from(entry) in self._known:
            return True
        key = rows.own_key(entry)
        mine = Conversation.objects.filter(owner=self._owner)
        return key is not None and mine.filter(pk=key).exists()

    def _met_another(self, entry):
        """Another import took it in the same moment, or it does not fit together."""
        source = rows.imported_from(entry)
        if Conversation.objects.filter(owner=self._owner, imported_from=source):
            self.report["known"] += 1
        else:
            self._skip(entry.title, _("It could not be saved."))

    def _skip(self, title, why):
        self.report["skipped_count"] += 1
        if len(self.report["skipped"]) < MOST_REASONS:
            # As text, to be kept: the name of a setting is translated when it is read.
            self.report["skipped"].append({"title": str(title), "why": str(why)})

    def _remember(self, conversation):
        if conversation.archived_at is None:
            at = conversation.updated_at.timestamp(), str(conversation.pk)
            heapq.heappush(self._newest, at)
            if len(self._newest) > MOST_ANNOUNCED:
                heapq.heappop(self._newest)
