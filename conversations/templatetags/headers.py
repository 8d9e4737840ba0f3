"""What stands above a conversation, filled into a pattern."""

from dataclasses import dataclass
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from .patterns import pattern
from .sharing import sharing_is_on

HEADER = "conversations/_thread_header.html"
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class _Persona:
    slug: str
    shown_name: str


@dataclass(frozen=True)
class _Conversation:
    """Any conversation of that persona which is drawn alike."""

    persona: _Persona
    persona_id: int
    is_own: bool
    is_invitation: bool
    replies_always: bool
    has_people: bool
    pinned_at: bool
    archived_at: bool
    expires_at = None
    pk = _NOBODY
    title = mark_safe("{title}")


@dataclass(frozen=True)
class _Reader:
    may_edit_personas: bool


@dataclass(frozen=True)
class _Policy:
    reading_policy: str


def header_html(conversation, site_settings):
    """Return the header of its page, as whoever sees it has it."""
    reader = conversation.reader
    if conversation.expires_at:  # each has its own moment
        context = {
            "conversation": conversation,
            "persona": conversation.persona,
            "user": reader,
            "site_settings": site_settings,
        }
        return render_to_string(HEADER, context)
    stand_in = _stand_in(conversation)
    look = (
        ("conversation", stand_in),
        ("persona", stand_in.persona),
        ("user", _Reader(reader.may_edit_personas)),
        ("site_settings", _Policy(site_settings.reading_policy)),
        ("sharing", sharing_is_on()),
    )
    drawn = pattern(HEADER, get_language(), (), look)
    drawn = drawn.replace(str(_NOBODY), str(conversation.pk))
    return drawn.format(title=escape(conversation.title))


def _stand_in(conversation):
    persona = conversation.persona
    name = persona.shown_name.replace("{", "{{").replace("}", "}}")
    return _Conversation(
        persona=_Persona(persona.slug, name),
        persona_id=persona.pk,
        is_own=conversation.is_own,
        is_invitation=conversation.is_invitation,
        replies_always=conversation.replies_always,
        has_people=conversation.has_people,
        pinned_at=conversation.pinned_at is not None,
        archived_at=conversation.archived_at is not None,
    )
