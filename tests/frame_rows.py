"""A row for each frame a browser may send: what stands in each of its fields.

What names a row of the database is one of the kinds below, so that each can be made
to name what belongs to somebody else.
"""

import uuid
from dataclasses import dataclass

MESSAGE, PERSONA, FOLDER, MODEL = "message", "persona", "folder", "model"


@dataclass(frozen=True)
class Named:
    """A field that names something; `several` of it in a list, or as keys (`seqs`)."""

    kind: str
    shape: str = "one"

    def filled(self, names):
        """Return the value that names what `names` has for this kind."""
        name = names[self.kind]
        return {"one": name, "list": [name], "seqs": {str(name): 0}}[self.shape]


FRAMES = {
    "message.send": {
        "client_id": str(uuid.UUID(int=1)),
        "text": "Hi",
        "parent": Named(MESSAGE),
        "persona": Named(PERSONA),
        "folder": Named(FOLDER),
        "temporary": False,
    },
    "message.edit": {
        "client_id": str(uuid.UUID(int=2)),
        "message": Named(MESSAGE),
        "text": "Mine now",
    },
    "reply.regenerate": {
        "message": Named(MESSAGE),
        "persona": Named(PERSONA),
        "model": Named(MODEL),
        "client_id": str(uuid.UUID(int=3)),
    },
    "reply.continue": {"message": Named(MESSAGE)},
    "reply.stop": {"message": Named(MESSAGE), "seq": 1},
    "reply.compare": {
        "message": Named(MESSAGE),
        "personas": Named(PERSONA, "list"),
        "models": Named(MODEL, "list"),
        "client_id": str(uuid.UUID(int=4)),
    },
    "reply.keep": {"message": Named(MESSAGE)},
    "branch.select": {"message": Named(MESSAGE)},
    "conversation.read": {},
    "sync": {
        "seq": Named(MESSAGE, "seqs"),
        "head": Named(MESSAGE),
        "stays": True,
        "title": "Tides",
    },
    "list.sync": {"since": 0},
    "ack": {"message": Named(MESSAGE), "seq": 1},
}


def frame_of(kind, names, foreign=(), without=()):
    """Return the frame of that kind, as it names what `names` has by kind.

    `foreign` are other names for fields: `{"folder": {...}}`.
    """
    frame = {"type": kind}
    for field, value in FRAMES[kind].items():
        if field not in without:
            chosen = dict(foreign).get(field, names)
            frame[field] = value.filled(chosen) if isinstance(value, Named) else value
    return frame


def named_fields(kind):
    return [name for name, value in FRAMES[kind].items() if isinstance(value, Named)]
