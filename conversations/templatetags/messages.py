"""The messages of a thread, filled into patterns."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .patterns import MOST_KEPT, fill

register = template.Library()

PERSON = "conversations/_message_person.html"
REPLY = "conversations/_message_reply.html"
OUTCOME = "conversations/_message_outcome.html"
SIBLINGS = "conversations/_message_siblings.html"
AVATAR = "conversations/_persona_avatar.html"


@register.simple_tag
def message_items(messages):
    """Return messages that are ready to be shown: see `thread.prepare`."""
    return mark_safe("".join(map(message_html, messages)))


def message_html(message):
    """Return the HTML of one message."""
    return _reply(message) if message.is_reply else _person(message)


def siblings_html(message):
    """Return the place of `message` among the versions of its turn."""
    if message.siblings is None:
        return _no_siblings(get_language())
    return render_to_string(SIBLINGS, {"message": message}).strip()


def _person(message):
    is_others = message.is_others
    author = message.written_by or _("Somebody who is gone") if is_others else ""
    return fill(
        PERSON,
        (("is_others", is_others), ("is_marked", message.is_marked)),
        author=escape(author),
        **_common(message),
    )


def _reply(message):
    reply = message.generation
    persona, common = message.persona, _common(message)
    return fill(
        REPLY,
        _look(message, reply),
        state=reply.state,
        seq=reply.seq,
        compared="-".join(map(str, message.compared)),
        avatar=_avatar(persona.avatar_url, persona.avatar_emoji, persona.initial),
        name=escape(persona.shown_name),
        reasoning=message.reasoning_html,
        outcome=_outcome(reply, common["url"]) if reply.error_code else "",
        model=escape(reply.model_name),
        **common,
    )


def _look(message, reply):
    """What there is of a reply beside its text, and what can be done with it."""
    return (
        ("is_open", reply.is_open),
        ("is_stopped", reply.state == reply.State.STOPPED),
        ("is_empty", not message.html),
        ("is_marked", message.is_marked),
        ("is_compared", bool(message.compared)),
        ("is_in_front", message.is_in_front),
        ("has_failed", bool(reply.error_code)),
        ("has_model", bool(reply.model_name)),
        ("has_reasoning", bool(message.reasoning_html)),
        ("reasoning_seconds", reply.reasoning_seconds),
        ("may_continue", reply.may_continue),
    )


def _common(message):
    moment = timezone.localtime(message.created_at)
    return {
        "pk": message.pk,
        "url": f"{message.conversation.get_absolute_url()}messages/{message.pk}/",
        "parent": message.parent_id or "",
        "body": message.html,
        "at": moment.isoformat(),
        "when": _when(f"{moment:%Y-%m-%dT%H:%M}", get_language()),
        "siblings": siblings_html(message),
    }


def _outcome(reply, url):
    return render_to_string(OUTCOME, {"reply": reply, "url": url})


@lru_cache(MOST_KEPT)
def _when(minute, language):
    """To spell a date takes as long as all else of a message; they come in pairs.

    `minute` is what a clock shows, as a text: moments of two time zones may be equal.
    """
    return escape(date_format(datetime.fromisoformat(minute), "DATETIME_FORMAT"))


@lru_cache(MOST_KEPT)
def _avatar(url, emoji, initial):
    persona = {"avatar_url": url, "avatar_emoji": emoji, "initial": initial}
    return render_to_string(AVATAR, {"persona": persona}).strip()


@lru_cache
def _no_siblings(language):
    return render_to_string(SIBLINGS).strip()
