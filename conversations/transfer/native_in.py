"""Our own export, read back: one conversation, or each of those in its ZIP."""

from conversations.models import Conversation, Feedback
from conversations.models.failures import Failure
from conversations.rendering import clean

from .entries import ASSISTANT, USER, Draft, Kept, Opinion, Turn
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
        nodes=[*_nodes(map(mapping, sequence(value.get("messages"))))],
        head=_key(value.get("head")),
        is_archived=value.get("archived") is True,
        is_pinned=value.get("pinned") is True,
        folder=name(value.get("folder")),
        has_people=value.get("people") is True,
        persona=clean(string(mapping(value.get("persona")).get("slug"))),
        kept=_kept(value),
    )


def _nodes(messages):
    """Yield the nodes; what has no id, or that of another, is known by its place."""
    seen = set()
    for place, message in enumerate(messages):
        key = _key(message.get("id"))
        if key is None or key in seen:
            key = ("place", place)
        seen.add(key)
        yield key, _key(message.get("parent")), _turn(message)


def _key(value):
    """Return by what a message is known within the file, None if by nothing.

    It is not saved, so that any text or number will do.
    """
    is_told = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if is_told and value != "" else None


def _kept(value):
    replies = value.get("replies")
    return Kept(
        pinned_at=moment(value.get("pinned_at")),
        archived_at=moment(value.get("archived_at")),
        is_unread=value.get("unread") is True,
        replies_when=replies if replies in Conversation.Replies.values else "",
        leaves={
            _key(version): _key(leaf)
            for version, leaf in mapping(value.get("leaves")).items()
        },
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
        reasoning_seconds=_seconds(message.get("reasoning_ms")),
        model=name(message.get("model")),
        state=state if state in _STATES else "interrupted",
        error=error if (error := message.get("error")) in Failure.values else "",
        author=name(message.get("author")) or None,
        is_own=own if isinstance(own := message.get("own"), bool) else None,
        feedback=_feedback(mapping(message.get("feedback"))),
        persona=_persona(mapping(message.get("persona"))),
        created_at=moment(message.get("created_at")),
    )


def _seconds(told):
    is_number = isinstance(told, int) and not isinstance(told, bool)
    return told / 1000 if is_number and 0 <= told < 2**31 else None


def _feedback(told):
    verdict, note = told.get("verdict"), clean(string(told.get("note"))).strip()
    if verdict not in Feedback.Verdict.values:
        return None
    most = Feedback._meta.get_field("note").max_length
    return Opinion(verdict, note[:most], moment(told.get("given_at")))


def _persona(told):
    slug, number = told.get("slug"), told.get("version")
    if isinstance(slug, str) and isinstance(number, int) and 0 < number < 2**31:
        return clean(slug), number
    return None
