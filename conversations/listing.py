"""The list beside a conversation: one page of it, grouped by day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from conversations.models import Conversation

TODAY = "today"


@dataclass(frozen=True, slots=True)
class Group:
    """The conversations of a day, a week or a month. `key` is equal on every page."""

    key: str
    label: str
    conversations: list


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some groups of the list; `next_url` leads to the next page, "" at its end."""

    groups: list
    next_url: str


def list_page(user, *, before=""):
    """Return the newest conversations of `user`, or those after the cursor `before`.

    A cursor is taken from the `next_url` of the page before; a wrong one is the start.
    """
    rows = Conversation.objects.visible_to(user).listed()
    if row := _row_of(before):
        rows = rows.after(*row)
    size = settings.CHAT_CONVERSATIONS_PER_PAGE
    found = list(rows[: size + 1])
    page = found[:size]
    next_url = _url_after(page[-1]) if len(found) > size else ""
    return ListPage(_grouped(page), next_url)


def changed_since(user, moment):
    """Return what changed at the top of the list since `moment`, oldest first.

    A reply that ends makes its conversation unread, not newer: those that may have
    been replied to since are looked at as well.
    """
    longest = timedelta(seconds=settings.OPENAI_TOTAL_TIMEOUT_SECONDS)
    rows = Conversation.objects.visible_to(user).listed()
    rows = rows.filter(updated_at__gte=moment - longest)
    found = rows[: settings.CHAT_CONVERSATIONS_PER_PAGE]
    return [row for row in found if _changed_at(row) >= moment][::-1]


def _changed_at(conversation):
    moments = (conversation.updated_at, conversation.replied_at, conversation.read_at)
    return max(moment for moment in moments if moment)


def _url_after(conversation):
    cursor = f"{conversation.updated_at.isoformat()}~{conversation.pk}"
    address = reverse("conversations:conversation_list")
    return f"{address}?before={signing.dumps(cursor, salt='list')}"


def _row_of(cursor):
    if not cursor:
        return None
    try:
        updated_at, pk = signing.loads(cursor, salt="list").split("~")
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(updated_at), pk


def _grouped(conversations):
    """Group by day. Today's group is always there: new ones are put into it."""
    today = timezone.localdate()
    groups = {TODAY: Group(TODAY, _("Today"), [])}
    for conversation in conversations:
        key, label = _day_of(timezone.localdate(conversation.updated_at), today)
        group = groups.setdefault(key, Group(key, label, []))
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
