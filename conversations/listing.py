"""The list beside a conversation: what is pinned, folders, and the rest by day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from conversations.models import Conversation, Folder, Participant
from conversations.models.participants import places_of
from conversations.models.prepared import Prepared

TODAY = "today"
PINNED = "pinned"
TOGETHER = "together"  # those of others, in which one takes part or is asked to
# Folders whose conversations a page brings along; others are fetched as they unfold.
MOST_OPEN = 10
# What the list shows of a conversation.
FIELDS = ("owner_id", "title", "updated_at", "replied_at", "read_at", "pinned_at")
FIELDS += ("folder_id", "has_people")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands: in which group, and from which moment on.

    `at` is in milliseconds, the greatest on top; `label` is that of a day, else "".
    """

    key: str
    label: str
    at: int


@dataclass(frozen=True, slots=True)
class Group:
    """The conversations of a day, a week or a month. `key` is equal on every page."""

    key: str
    label: str
    conversations: list


@dataclass(frozen=True, slots=True)
class FolderGroup:
    """A folder, and what is in it where it `is_open`; else `next_url` leads there."""

    folder: Folder
    is_open: bool
    conversations: list
    next_url: str

    @property
    def key(self):
        return folder_key(self.folder.pk)


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some groups of the list; `next_url` leads to the next page, "" at its end.

    Only the first page, `is_first`, has what is pinned, those of others, and folders.
    """

    groups: list
    next_url: str
    is_first: bool = False
    pinned: list = ()
    together: list = ()
    folders: list = ()
    folders_version: str = ""


def list_page(user, *, before="", opened=()):
    """Return the first page of the list, or what is after the cursor `before`.

    A cursor is taken from the `next_url` of the page before; a wrong one is the start.
    `opened` are the pks of the folders that are unfolded.
    """
    rows, next_url = _page(user, before)
    groups = _grouped(rows)
    if before:
        return ListPage(groups, next_url)
    pinned = _pinned(user.pk)
    for row in pinned:
        row.place = place(row)
    folders, places = folders_of(user.pk), places_of(user.pk)
    others = list(filter(is_listed, map(_seen_through, places)))
    pinned += [row for row in others if row.pinned_at]
    return ListPage(
        groups,
        next_url,
        is_first=True,
        pinned=sorted(pinned, key=lambda r: (r.pinned_at, r.updated_at), reverse=True),
        together=[row for row in others if not row.pinned_at],
        folders=list(_folder_groups(user, folders, opened)),
        folders_version=version_of(folders, places),
    )


def folder_page(user, folder, *, before=""):
    """Return the FolderGroup of `folder`, open, at the cursor `before`."""
    rows, next_url = _page(user, before, folder)
    for row in rows:
        row.place = place(row)
    return FolderGroup(folder, True, rows, next_url)


def _folder_groups(user, folders, opened):
    unfolded, address = 0, folder_url("")
    for folder in folders:
        is_open = folder.pk in opened
        unfolded += is_open
        if is_open and unfolded <= MOST_OPEN:
            yield folder_page(user, folder)
        else:
            yield FolderGroup(folder, is_open, [], f"{address}{folder.pk}")


def version_of(folders, places):
    """Return a text that is another one after any change of these.

    They are the folders of a person and their places in conversations of others.
    """
    rows = [*folders, *places]
    newest = max((row.changed_at for row in rows), default=None)
    return f"{len(folders)}.{len(places)}.{newest.isoformat() if newest else ''}"


def changed_since(user, moment):
    """Return what changed in the list since `moment`, newest first.

    Among it is what is not in the list any more. A reply that ends makes its
    conversation unread, not newer: those that may have been replied to since are
    looked at as well.
    """
    longest = timedelta(seconds=settings.OPENAI_TOTAL_TIMEOUT_SECONDS)
    mine = Conversation.objects.filter(owner=user)
    recent = mine.listed().filter(updated_at__gte=moment - longest)
    arranged = mine.filter(arranged_at__gte=moment).order_by("-arranged_at")
    found = {row.pk: row for row in arranged[: settings.CHAT_CONVERSATIONS_PER_PAGE]}
    together = map(_seen_through, places_of(user.pk))
    for row in [*recent[: settings.CHAT_CONVERSATIONS_PER_PAGE], *together]:
        if _changed_at(row) >= moment:
            found[row.pk] = row
    return sorted(found.values(), key=lambda row: row.updated_at, reverse=True)


def rows_of(user, pks):
    """Return the conversations of those pks that `user` has in their list."""
    own = list(Conversation.objects.owned_by(user).filter(pk__in=pks))
    if others := set(pks) - {row.pk for row in own}:
        places = Participant.objects.of(user).filter(conversation__in=others)
        own += map(_seen_through, places.select_related("conversation"))
    return own


def _changed_at(conversation):
    moments = (conversation.updated_at, conversation.replied_at, conversation.read_at)
    return max(moment for moment in moments if moment)


def is_listed(conversation):
    """Whether it stands in the list of who sees it."""
    gone = (conversation.archived_at, conversation.deleted_at, conversation.expires_at)
    return not any(gone)


def place(conversation):
    """Return the Place of a conversation that is listed, in the reader's time zone."""
    if conversation.pinned_at:
        return Place(PINNED, "", _milliseconds(conversation.pinned_at))
    if not conversation.is_own:
        return Place(TOGETHER, "", _milliseconds(conversation.updated_at))
    at = _milliseconds(conversation.updated_at)
    if conversation.folder_id:
        return Place(folder_key(conversation.folder_id), "", at)
    today = timezone.localdate()
    key, label = _day_of(timezone.localdate(conversation.updated_at), today)
    return Place(key, label, at)


def folder_key(pk):
    return f"folder-{pk}"


def folder_url(pk):
    return f"{reverse('conversations:conversation_list')}?folder={pk}"


def opened_folders(cookies):
    """Return the pks of the folders that this browser has unfolded."""
    told = cookies.get("open_folders", "")[:1000].split(".")
    return {int(pk) for pk in told if pk.isdecimal() and len(pk) < 19}


def cursor_after(moment, pk):
    """Return the signed name of a row, by which the next page begins after it."""
    return signing.dumps(f"{moment.isoformat()}~{pk}", salt="list")


def row_of(cursor):
    """Return `(moment, pk)` of that cursor, None when it is none of ours."""
    if not cursor:
        return None
    try:
        moment, pk = signing.loads(cursor, salt="list").split("~")
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(moment), pk


def cut(rows, column, *, before=""):
    """Return `(a page of rows, the cursor of the next)`.

    `rows` is a QuerySet, or the list of its first page and one more; they stand by
    `column`, the newest first. The cursor is "" at the end.
    """
    if row := row_of(before):
        rows = rows.after(*row, column)
    size = settings.CHAT_CONVERSATIONS_PER_PAGE
    found = list(rows[: size + 1])
    page = found[:size]
    if len(found) <= size:
        return page, ""
    return page, cursor_after(getattr(page[-1], column), page[-1].pk)


def _rows(user_id):
    return Conversation.objects.owned_by(user_id).only(*FIELDS)


@Prepared
def _pinned(user_id):
    # All of it, which can be more than may be pinned: brought in, or taken back.
    return _rows(user_id).pinned()


@Prepared
def folders_of(user_id):
    """Return the folders of that person in their order."""
    return Folder.objects.editable_by(user_id)


def _seen_through(participant):
    conversation = participant.conversation.seen_through(participant)
    conversation.place = place(conversation)
    return conversation


@cache
def _first_rows(size, count):
    """Return what looks up the first so many: of a person, and 2: in a folder."""
    return Prepared(lambda user_id, *pk: _rows(user_id).placed(*pk)[:size], count)


def _page(user, before, folder=None):
    """Return `(rows, address of the next page)`."""
    keys = (user.pk, folder.pk) if folder else (user.pk,)
    find = _first_rows(settings.CHAT_CONVERSATIONS_PER_PAGE + 1, len(keys))
    rows = _rows(user.pk).placed(folder) if before else find(*keys)
    rows, cursor = cut(rows, "updated_at", before=before)
    if not cursor:
        return rows, ""
    within = f"folder={folder.pk}&" if folder else ""
    return rows, f"{reverse('conversations:conversation_list')}?{within}before={cursor}"


def _grouped(conversations):
    """Group by day. Today's group is always there: new ones are put into it."""
    zone, today = timezone.get_current_timezone(), timezone.localdate()
    groups, days = {TODAY: Group(TODAY, _("Today"), [])}, {}
    for conversation in conversations:
        day = conversation.updated_at.astimezone(zone).date()
        if day not in days:
            key, label = _day_of(day, today)
            days[day] = groups.setdefault(key, Group(key, label, []))
        group = days[day]
        at = _milliseconds(conversation.updated_at)
        conversation.place = Place(group.key, group.label, at)
        group.conversations.append(conversation)
    return list(groups.values())


def _day_of(day, today):
    if day >= today:
        return TODAY, _("Today")
    if day == today - timedelta(days=1):
        return "yesterday", _("Yesterday")
    if day > today - timedelta(days=7):
        return "week", _("This week")
    return f"{day:%Y-%m}", formats.date_format(day, "YEAR_MONTH_FORMAT")


def _milliseconds(moment):
    return round(moment.timestamp() * 1000)
