"""What every format is read into: plain values, whatever the file held."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime

USER, ASSISTANT = "user", "assistant"


class Skipped(Exception):
    """This entry cannot be taken; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the person thought of a reply, as `Feedback` keeps it."""

    verdict: str
    note: str
    given_at: datetime | None


@dataclass(slots=True)
class Turn:
    """What one side said. `parent` is the id of the turn it follows, None at a start.

    `state` is how a reply ended, as `Generation.State` names it, `error` why it was not
    at its end, as `Failure` does. `author` is the name
    of a person where the format tells it, `is_own` whether that is whose file it is,
    `persona` a slug and the number of a version.
    Only those of an Entry have a time each.
    """

    id: Hashable
    parent: Hashable
    role: str
    text: str
    reasoning: str = ""
    reasoning_seconds: float | None = None
    model: str = ""
    state: str = "finished"
    error: str = ""
    author: str | None = None
    is_own: bool | None = None
    persona: tuple[str, int] | None = None
    feedback: Opinion | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How somebody has a conversation, where the format tells it.

    `leaves` are the turns that versions were left at, both by their ids.
    """

    pinned_at: datetime | None = None
    archived_at: datetime | None = None
    is_unread: bool = False
    replies_when: str = ""
    leaves: dict = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """One conversation of the file. Each turn comes after the turn it follows.

    `source` is the name of the format, `source_id` what the conversation is called
    there: the same one each time. `head` is the id of the turn it was left at, a reply
    unless it `has_people`: then not every question has one. `persona` is the slug of
    whom it was with, where the format knows ours.
    """

    source: str
    source_id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: list[Turn]
    head: Hashable
    is_archived: bool = False
    is_pinned: bool = False
    folder: str = ""
    persona: str = ""
    has_people: bool = False
    kept: Kept = Kept()


@dataclass(frozen=True, slots=True)
class Belongings:
    """Prompts or settings of our own export, an object as `belongings` reads it."""

    value: dict


@dataclass(slots=True)
class Fault:
    """An entry that was not taken, or the end of a file: `why` is a sentence.

    `is_foreign` says that it is of no format we know.
    """

    title: str
    why: str
    is_foreign: bool = False


@dataclass(slots=True)
class Draft:
    """A conversation as a format gives it, before its tree is put in order.

    `nodes` are (id, parent or None, Turn or None where there is nothing to show), in
    the order in which siblings are counted.
    """

    source_id: str = ""
    title: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    nodes: list = field(default_factory=list)
    head: str | None = None
    is_archived: bool = False
    is_pinned: bool = False
    folder: str = ""
    persona: str = ""
    has_people: bool = False
    kept: Kept = Kept()
