from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import events, rendering
from conversations.models import Conversation, Participant
from conversations.models.prepared import Prepared

from .changes import announce, change
from .refusals import Refusal

MOST_PINNED = 100


@transaction.atomic
def rename_conversation(*, conversation, title):
    """Give it another title, of one line; return that.

    Raises Refusal when it has no words or is too long.
    """
    title = one_line(title, most=Conversation._meta.get_field("title").max_length)
    rows = Conversation.objects.filter(pk=conversation.pk)
    rows.update(title=title, arranged_at=timezone.now())
    announce(conversation.owner_id, [conversation.pk])
    return title


def one_line(text, *, most):
    """Return `text` as a name is kept; raises Refusal when it will not do."""
    text = " ".join(rendering.clean(text).split())
    if not text:
        raise Refusal("empty", _("Write a name first."))
    if len(text) > most:
        detail = _("At most %(most)d characters fit.") % {"most": most}
        raise Refusal("too_long", detail)
    return text


@transaction.atomic
def pin_conversations(*, rows):
    """Keep those of the QuerySet `rows` at the top of the list; see `change`.

    Raises Refusal when there are too many.
    """
    pinned = change(rows, "pinned_at", timezone.now())
    if pinned.before and _pinned_count(rows) > MOST_PINNED:
        detail = _("At most %(most)d conversations can be pinned.")
        raise Refusal("too_many", detail % {"most": MOST_PINNED})
    return pinned


def _pinned_count(rows):
    """Count what whoever has those rows has at the top, of their own or of others."""
    if rows.model is Conversation:
        same = Conversation.objects.filter(owner__in=rows.values("owner"))
        return same.pinned().count()
    same = Participant.objects.filter(user__in=rows.order_by().values("user"))
    same = same.filter(archived_at=None, conversation__deleted_at=None)
    return same.filter(pinned_at__isnull=False).count()


def unpin_conversations(*, rows):
    return change(rows, "pinned_at", None)


def archive_conversations(*, rows):
    """Put them away: they are found, but not listed."""
    return change(rows, "archived_at", timezone.now())


def unarchive_conversations(*, rows):
    return change(rows, "archived_at", None)


def move_conversations(*, rows, folder):
    """Put them into `folder`, None for none."""
    return change(rows, "folder_id", folder and folder.pk)


@transaction.atomic
def mark_unread(*, conversation):
    """Have it look to who sees it as if its end were news."""
    if not conversation.is_own:
        now = timezone.now()
        _place_of(conversation).update(read_at=None, changed_at=now)
        events.changed_in_lists(conversation.pk, [conversation.reader_id])
        return
    Conversation.objects.filter(pk=conversation.pk).update(
        read_at=None,
        replied_at=Coalesce("replied_at", "updated_at"),
        arranged_at=timezone.now(),
    )
    announce(conversation.owner_id, [conversation.pk])


def mark_read(*, conversation):
    """Note that its reader has seen its end; tell their other tabs if that is news."""
    if not conversation.is_unread:
        return
    rows = Conversation.objects.filter(pk=conversation.pk)
    if not conversation.is_own:
        rows = _place_of(conversation)
    rows.update(read_at=timezone.now())
    events.changed_in_lists(conversation.pk, [conversation.reader_id])


def _place_of(conversation):
    return Participant.objects.filter(pk=conversation.participant.pk)


def lock(user, conversation_id):
    """Return the conversation; whatever else is about to add to it waits its turn.

    It is as `user` sees it. Raises Conversation.DoesNotExist when it is not theirs to
    write in.
    """
    if mine := _own(user.pk, conversation_id):
        return mine[0]
    for found in _shared(user.pk, conversation_id):
        return found.seen_by(user.pk)
    raise Conversation.DoesNotExist


@Prepared
def _own(user_id, conversation_id):
    return _locked(Conversation.objects.owned_by(user_id), conversation_id)


@Prepared
def _shared(user_id, conversation_id):
    return _locked(Conversation.objects.editable_by(user_id), conversation_id)


def _locked(rows, conversation_id):
    rows = rows.filter(pk=conversation_id)
    rows = rows.select_related("owner", "persona__version__model__provider")
    # Its key stays: what only refers to it, as a link or a report, need not wait.
    return rows.select_for_update(of=("self",), no_key=True)
