"""What a search found, filled into patterns."""

from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .patterns import MOST_KEPT, fill

register = template.Library()

GROUP = "conversations/_search_group.html"
HIT = "conversations/_search_hit.html"


@register.simple_tag
def search_groups(groups):
    """Return the groups of a page of hits: see `search.find`."""
    return mark_safe("".join(map(_group, groups)))


def _group(group):
    conversation = group.conversation
    persona = escape(conversation.persona.shown_name)
    url, folder = conversation.get_absolute_url(), conversation.folder
    look = (
        ("has_folder", folder is not None),
        ("is_pinned", conversation.pinned_at is not None),
        ("is_archived", conversation.archived_at is not None),
        ("has_hits", bool(group.hits)),
    )
    return fill(
        GROUP,
        look,
        pk=conversation.pk,
        url=url,
        title=group.title,
        at=group.moment.isoformat(),
        when=_day(timezone.localdate(group.moment), get_language()),
        persona=persona,
        folder=escape(folder.name) if folder else "",
        hits="".join(_hit(hit, url, persona) for hit in group.hits),
    )


def _hit(hit, url, persona):
    return fill(
        HIT,
        url=url,
        pk=str(hit.message.pk),  # it stands in two places
        writer=_writer(hit.message, persona),
        excerpt=hit.excerpt,
    )


def _writer(message, persona):
    if message.writer:
        return escape(message.writer)
    return persona if message.is_reply else escape(_("You"))


@lru_cache(MOST_KEPT)
def _day(day, language):
    """To spell a date takes as long as all else of a hit."""
    return escape(date_format(day, "DATE_FORMAT"))
