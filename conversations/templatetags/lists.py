"""What a list has many of: items and folders, filled into patterns."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from .patterns import fill

register = template.Library()

ITEM = "conversations/_conversation.html"
MARK = "conversations/_conversation_mark.html"
FOLDER = "conversations/_folder.html"


@register.simple_tag
def conversation_items(conversations, current_id=None):
    """Return the items of conversations that have their `place`."""
    return mark_safe(
        "".join(item(row, is_current=row.pk == current_id) for row in conversations)
    )


def item(conversation, *, is_current=False):
    """Return the HTML of one item."""
    place = conversation.place
    is_unread = conversation.is_unread and not (
        is_current or conversation.is_invitation
    )
    return fill(
        ITEM,
        pk=str(conversation.pk),  # it stands in several places
        url=conversation.get_absolute_url(),
        title=escape(conversation.title),
        at=place.at,
        group=place.key,
        label=escape(place.label),
        mark=_mark_of(conversation),
        others="" if conversation.is_own else " data-others",
        unread=" list-item--unread" if is_unread else "",
        current=' aria-current="page"' if is_current else "",
    )


def _mark_of(conversation):
    """What says that it is of several people; most are of one."""
    if not (conversation.has_people or conversation.is_invitation):
        return ""
    return _mark(conversation.is_invitation, get_language())


@cache
def _mark(is_invitation, language):
    context = {"is_invitation": is_invitation}
    return render_to_string(MARK, context).strip()


@register.simple_tag
def folder_groups(groups, current_id=None):
    """Return the folders of a list; what is in those that are open stands there."""
    closed = _closed()
    return mark_safe("".join(_folder(group, closed, current_id) for group in groups))


def _folder(group, closed, current_id):
    if group.conversations or not group.next_url:
        context = {"group": group, "current_id": current_id}
        content = render_to_string("conversations/_folder_page.html", context)
    else:
        content = closed.replace("{url}", group.next_url)
    return fill(
        FOLDER,
        pk=group.folder.pk,
        name=escape(group.folder.name),
        open=" open" if group.is_open else "",
        content=content,
    )


def _closed():
    """What stands in a folder whose conversations are fetched when it unfolds."""
    group = {"conversations": (), "next_url": mark_safe("{url}")}
    return render_to_string("conversations/_folder_page.html", {"group": group})
