"""From a question to the hits a person may see, newest first."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db.models import F
from django.utils.translation import gettext as _

from conversations.models import Conversation, Message, Participant, User
from conversations.models.prepared import Prepared
from conversations.models.translations import part_in_language

from .entries import found
from .excerpts import excerpt, marked
from .query import parse

PAGE = 20

# What is read of each: whole rows of six tables would take most of the time.
_OF_MESSAGES = ("text", "role", "created_at", "conversation_id")
_OF_MESSAGES += ("author_id", "author_name")
_WRITER = "generation__persona_version__persona"
_OF_CONVERSATIONS = (
    "owner",
    "title",
    "has_people",
    "created_at",
    "pinned_at",
    "archived_at",
    "persona__name",
    "persona__translations",
    "folder__name",
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `excerpt` is safe HTML with the words in <mark>.

    The message has as `writer` the name of the persona or of the other person who wrote
    it, None for who asks.
    """

    message: Message
    excerpt: str


@dataclass(frozen=True, slots=True)
class Group:
    """The hits that follow each other in one conversation; none if only its title."""

    conversation: Conversation
    title: str  # safe HTML
    moment: datetime
    hits: list


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits. `next_before` is where the next page begins, None at the end."""

    groups: list = field(default_factory=list)
    next_before: int | None = None
    problems: list = field(default_factory=list)

    @property
    def count(self):
        """How many stand on it; a conversation is one if only its title was found."""
        return sum(len(group.hits) or 1 for group in self.groups)


def find(user, query, *, before=None):
    """Return a Page of what `user` may read and `query`, a text or a Query, asks for.

    `before` is the `next_before` of the page before.
    """
    query = parse(query) if isinstance(query, str) else query
    entries, problems = found(user, query, limit=PAGE + 1, before=before)
    page = entries[:PAGE]
    return Page(
        _groups(user, query, page),
        page[-1][0] if len(entries) > PAGE else None,
        query.problems + problems,
    )


def _groups(user, query, entries):
    """Load what stands in a page of hits. They were found in what is the person's."""
    messages = _by_pk(
        _messages, [message_id for *_, message_id in entries if message_id]
    )
    conversations = _by_pk(
        _conversations,
        {_uuid(conversation_id) for _id, conversation_id, _message in entries},
    )
    _place_others(user, conversations.values())
    for message in messages.values():
        if message.writer:
            message.writer = part_in_language(
                message.translations, "name", message.writer
            )
    _name_people(user, messages.values(), conversations)
    by_conversation = groupby(entries, key=lambda entry: _uuid(entry[1]))
    return [
        _group(query, conversations[pk], [messages.get(entry[2]) for entry in found])
        for pk, found in by_conversation
        if pk in conversations  # removed a moment ago
    ]


def _place_others(user, conversations):
    """Show those of others as who asks has them in their list, not as their owner."""
    others = [row for row in conversations if row.owner_id != user.pk]
    if not others:
        return
    places = Participant.objects.of(user).filter(conversation__in=others)
    found = {place.conversation_id: place for place in places}
    for row in others:
        place = found.get(row.pk)
        row.folder = None
        row.pinned_at = place and place.pinned_at
        row.archived_at = place and place.archived_at


def _name_people(user, messages, conversations):
    """Say of what others wrote in conversations of several who that was."""
    theirs = [
        message
        for message in messages
        if not message.is_reply
        and message.author_id != user.pk
        and message.conversation_id in conversations
        and conversations[message.conversation_id].has_people
    ]
    if not theirs:
        return
    people = User.objects.in_bulk({m.author_id for m in theirs if m.author_id})
    for message in theirs:
        message.author = people.get(message.author_id)
        message.writer = message.written_by or _("Somebody who is gone")


def _group(query, conversation, messages):
    hits = [
        Hit(message, excerpt(message.text, query.phrases))
        for message in messages
        if message
    ]
    first = hits[0].message if hits else conversation
    title = marked(conversation.title, query.phrases)
    return Group(conversation, title, first.created_at, hits)


def _by_pk(rows, pks):
    """Return by its pk what `rows`, one of those below, has of at most PAGE pks."""
    pks = list(pks)
    if not pks:
        return {}
    return {row.pk: row for row in rows(*pks, *pks[-1:] * (PAGE - len(pks)))}


def _messages(*pks):
    rows = Message.objects.annotate(
        writer=F(f"{_WRITER}__name"), translations=F(f"{_WRITER}__translations")
    )
    return rows.only(*_OF_MESSAGES).filter(pk__in=pks)


def _conversations(*pks):
    rows = Conversation.objects.select_related("persona", "folder")
    return rows.only(*_OF_CONVERSATIONS).filter(pk__in=pks)


_messages, _conversations = Prepared(_messages, PAGE), Prepared(_conversations, PAGE)


def _uuid(value):
    """SQLite has them as text."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
