"""Our own export, read back: one conversation, or each of those in its ZIP."""

from .entries import ASSISTANT, USER, Draft, Turn
from .values import identity, mapping, moment, name, sequence, string, title

SOURCE = "chatsite"
NAME = "chatsite"
_STATES = {"finished", "cut_off", "stopped", "failed", "interrupted"}


def recognises(value):
    """Whether this object is a conversation of a chatsite."""
    return value.get("format") == "chatsite"


def read(value):
    """Return the Draft of a conversation."""
    return Draft(
        source_id=identity(value.get("id")),
        title=title(value.get("title")),
        created_at=moment(value.get("created_at")),
        updated_at=moment(value.get("updated_at")),
        nodes=[
            (identity(m.get("id")), identity(m.get("parent")) or None, _turn(m))
            for m in map(mapping, sequence(value.get("messages")))
        ],
        head=identity(value.get("head")) or None,
        is_archived=value.get("archived") is True,
        is_pinned=value.get("pinned") is True,
        folder=name(value.get("folder")),
        has_people=value.get("people") is True,
        persona=string(mapping(value.get("persona")).get("slug")),
    )


def _turn(message):
    role = message.get("role")
    if role not in (USER, ASSISTANT):
        return None
    state = "finished" if role == USER else string(message.get("state"))
    # As it was, to the last space: what comes back is what went out.
    return Turn(
        "",
        None,
        role,
        string(message.get("text")),
        reasoning=string(message.get("reasoning")),
        model=name(message.get("model")),
        state=state if state in _STATES else "interrupted",
        author=name(message.get("author")) or None,
        persona=_persona(mapping(message.get("persona"))),
        created_at=moment(message.get("created_at")),
    )


def _persona(told):
    slug, number = told.get("slug"), told.get("version")
    if isinstance(slug, str) and isinstance(number, int) and 0 < number < 2**31:
        return slug, number
    return None
