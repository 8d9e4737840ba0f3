"""Frames from the browser: checked field by field before anything acts on them."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.rendering import clean

# The greatest value a database id can have.
_MOST = 2**63 - 1


class FrameError(Exception):
    """A frame that says nothing we understand. `answers` repeats its own references."""

    def __init__(self, code, detail, **answers):
        super().__init__(detail)
        self.code = code
        self.detail = str(detail)
        self.answers = answers


@dataclass(frozen=True, slots=True)
class Frame:
    """One checked frame: its type, and its fields as Python values."""

    type: str
    fields: dict

    def __getitem__(self, name):
        return self.fields[name]

    @property
    def references(self):
        """What an error about this frame must name: the message it would have made."""
        names = ("client_id", "message")
        found = {n: _plain(self.fields[n]) for n in names if n in self.fields}
        return {name: value for name, value in found.items() if value is not None}


def _plain(value):
    return str(value) if isinstance(value, uuid.UUID) else value


def _id(value):
    if type(value) is not int or not 0 < value <= _MOST:
        raise ValueError
    return value


def _optional_id(value):
    return None if value is None else _id(value)


def _seq(value):
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError
    return value


def _optional_seq(value):
    return None if value is None else _seq(value)


def _seconds(value):
    if type(value) is not int or not 0 <= value < 2**33:
        raise ValueError
    return value


def _text(value):
    if type(value) is not str:
        raise ValueError
    return value


def _name(value):
    """A word that is looked for, without what a database could not take."""
    return clean(_text(value))


def _uuid(value):
    return uuid.UUID(_text(value))


def _optional_uuid(value):
    return None if value is None else _uuid(value)


def _flag(value):
    if type(value) is not bool:
        raise ValueError
    return value


def _one_or_two(cleaner):
    """A field that is a list of one or two values, as `cleaner` takes them."""

    def clean_all(value):
        if type(value) is not list or not 1 <= len(value) <= 2:
            raise ValueError
        return [cleaner(one) for one in value]

    return clean_all


def _seqs(value):
    if type(value) is not dict or len(value) > 1000:
        raise ValueError
    return {_id(int(message)): _seq(seq) for message, seq in value.items()}


# By type: the fields a frame must have, and those it may have with what they are else.
REQUIRED = {
    "message.send": {"client_id": _uuid, "text": _text, "parent": _optional_id},
    "message.edit": {"client_id": _uuid, "message": _id, "text": _text},
    "reply.regenerate": {"message": _id},
    "reply.continue": {"message": _id},
    "reply.stop": {"message": _id},
    "reply.compare": {"message": _id, "personas": _one_or_two(_name)},
    "reply.keep": {"message": _id},
    "branch.select": {"message": _id},
    "conversation.read": {},
    "sync": {},
    "list.sync": {"since": _seconds},
    "ack": {"message": _id, "seq": _seq},
}
OPTIONAL = {
    "message.send": {
        "persona": (_name, ""),
        "folder": (_optional_id, None),
        "temporary": (_flag, False),
    },
    "reply.regenerate": {
        "persona": (_name, ""),
        "model": (_optional_id, None),
        "client_id": (_optional_uuid, None),
    },
    "reply.compare": {
        "models": (_one_or_two(_optional_id), []),
        "client_id": (_optional_uuid, None),
    },
    "reply.stop": {"seq": (_optional_seq, None)},
    "sync": {
        "seq": (_seqs, {}),
        "head": (_optional_id, None),
        "stays": (_flag, False),
        "title": (_text, None),
    },
}


def parse(content):
    """Return the Frame that `content`, decoded JSON, is; raises FrameError."""
    if not isinstance(content, dict):
        raise FrameError("bad_frame", _("A frame is a JSON object."))
    kind = content.get("type")
    if not isinstance(kind, str) or kind not in REQUIRED:
        raise FrameError("unknown_type", _("There is no such frame."))
    return Frame(kind, _cleaned(kind, content))


def _cleaned(kind, content):
    required, optional = REQUIRED[kind], OPTIONAL.get(kind, {})
    answers = _references(content)
    given = content.keys() - {"type"}
    if unknown := sorted(given - required.keys() - optional.keys()):
        raise FrameError(
            "unknown_field",
            _("This frame has a field it should not have: %s.")
            % clean(unknown[0][:40]),
            **answers,
        )
    fields = {name: default for name, (_cleaner, default) in optional.items()}
    cleaners = required | {name: found for name, (found, _default) in optional.items()}
    for name, cleaner in cleaners.items():
        if name in given or name in required:
            fields[name] = _field(name, cleaner, content, answers)
    return fields


def _field(name, cleaner, content, answers):
    try:
        return cleaner(content[name])
    except (KeyError, ValueError, TypeError):
        detail = _("This frame needs a valid “%s”.") % name
        raise FrameError("bad_field", detail, **answers) from None


def _references(content):
    """The names by which whoever sent a bad frame will know which one it was.

    Cleaned, as half a surrogate pair cannot be sent back.
    """
    found = {}
    if isinstance(content.get("client_id"), str):
        found["client_id"] = clean(content["client_id"][:40])
    if type(content.get("message")) is int:
        found["message"] = content["message"]
    return found
