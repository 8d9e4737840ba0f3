"""What is done to one or many conversations in a list, and taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import events
from conversations.models import Conversation, Folder, Participant

from .participants import tell_participants
from .refusals import Refusal

# More than a page shows; one transaction, and one Undo.
MOST_AT_ONCE = 500
UNDO_SECONDS = 60 * 60
OF_EACH = ("pinned_at", "archived_at")  # everybody has their own who takes part
# The columns of the conversation and of whose it is.
_KEYS = {
    Conversation: ("pk", "owner_id"),
    Participant: ("conversation_id", "user_id"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What was in `column` before: `(pk, value)` of each conversation that changed."""

    column: str
    before: tuple = ()

    @property
    def pks(self):
        return [pk for pk, _value in self.before]

    @property
    def token(self):
        """This change as text that comes back with Undo; "" when nothing changed."""
        if not self.before:
            return ""
        rows = [(pk.hex, _plain(value)) for pk, value in self.before]
        return signing.dumps([self.column, rows], salt="undo", compress=True)


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else value


def change(rows, column, value, *, at_most=MOST_AT_ONCE):
    """Set `column` of the QuerySet `rows`; return the Change.

    They are Conversations of one owner, or the places of one Participant in those of
    others. What has such a value already keeps it. Raises Refusal for too many at once.
    """
    pk, person = _KEYS[rows.model]
    with transaction.atomic():
        rows = rows.order_by("pk").select_for_update(of=("self",))
        found = rows.values_list(pk, column, person)[: at_most + 1]
        before = [(pk, was) for pk, was, _owner in found if _differs(was, value)]
        if len(found) > at_most:
            raise Refusal(
                "too_many", _("At most %(most)d at once.") % {"most": at_most}
            )
        if before:
            _set(rows.model, found[0][2], [pk for pk, _was in before], column, value)
    return Change(column, tuple(before))


def _differs(was, value):
    if isinstance(value, datetime):
        return was is None
    return was != value


def take_back(*, user, token):
    """Undo the Change of that `token`, as far as it is still there; return the pks.

    Raises Refusal for what is no token of ours, or too old.
    """
    column, rows = _read(token)
    if column == "folder_id":
        folders = set(Folder.objects.editable_by(user).values_list("pk", flat=True))
        rows = {
            pk: folder if folder in folders else None for pk, folder in rows.items()
        }
    there = []
    with transaction.atomic():
        for found in _changed(user, column, list(rows)):
            key, _person = _KEYS[found.model]
            locked = found.order_by("pk").select_for_update(of=("self",))
            by_value = {}
            for pk in locked.values_list(key, flat=True):
                by_value.setdefault(rows[pk.hex], []).append(pk)
                there.append(pk)
            for value, pks in by_value.items():
                _set(found.model, user.pk, pks, column, value)
    return there


def _changed(user, column, keys):
    """Yield the QuerySets of what `user` can have changed so, as far as it is there."""
    mine = Conversation.objects.filter(owner=user, pk__in=keys)
    yield mine.in_bin_of(user) if column == "deleted_at" else mine
    if column in OF_EACH:
        yield Participant.objects.of(user).joined().filter(conversation__in=keys)


def _read(token):
    """Return `(column, {hex of pk: value})`."""
    try:
        column, rows = signing.loads(token, salt="undo", max_age=UNDO_SECONDS)
    except signing.BadSignature:
        raise Refusal("too_late", _("That can no longer be undone.")) from None
    if column == "folder_id":
        return column, dict(rows)
    return column, {pk: was and datetime.fromisoformat(was) for pk, was in rows}


def _set(model, user_id, pks, column, value):
    """Give those of that person the value, and tell the lists and pages that show it.

    What somebody does with their place in a conversation is nothing to the others.
    """
    now = timezone.now()
    if model is Conversation:
        rows = Conversation.objects.filter(pk__in=pks)
        rows.update(arranged_at=now, **{column: value})
    else:
        places = Participant.objects.filter(user=user_id, conversation__in=pks)
        places.update(changed_at=now, **{column: value})
    if column == "deleted_at":
        announce(user_id, pks)
        return
    _tell_list(user_id, pks)
    _tell_pages(pks, reader=user_id)


def announce(owner_id, pks):
    """Tell the lists of those who have them, and the pages of these conversations."""
    if not pks:
        return
    _tell_list(owner_id, pks)
    tell_participants(pks)
    _tell_pages(pks)


def _tell_list(user_id, pks):
    """Have the list of that person show these as they are now."""
    events.publish_on_commit(
        events.user_group(user_id),
        events.CONVERSATIONS_CHANGED,
        conversations=[str(pk) for pk in pks],
    )


def _tell_pages(pks, *, reader=None):
    """Have the pages of these show them as they are now: all, or those of `reader`."""
    for pk in pks:
        events.changed_on_pages(pk, reader=reader)
