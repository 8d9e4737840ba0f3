"""A conversation that begins as a copy of a branch of another."""

import re
from itertools import count as numbers

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import events
from conversations.models import Conversation, Generation, Message
from conversations.models.messages import outline_of
from conversations.tree import Tree

from .conversations import lock
from .refusals import Refusal, count
from .replies import answer

AT_ONCE = 500
_NUMBER = re.compile(r" \(\d{1,4}\)$")
_SHARED = 190  # characters of a title, so that a number has room
# What a copy has of its own, or gets from the copy of its message.
_OWN = {"id", "message", "owner", "heartbeat_at", "stop_requested", "is_compared"}


@transaction.atomic
def fork_conversation(*, user, message):
    """Copy the branch down to `message` into a conversation of its own; return that.

    Texts, authors, times and how each reply came about are copied. A question at the
    end is asked again there. Raises Refusal while a reply on the branch is written, and
    for too many in a minute: it is as much as a message.
    """
    source = lock(user, message.conversation_id)
    rows = outline_of(source.pk)
    pks = Tree((pk, parent) for pk, parent, *_ in rows).branch(message.pk)
    still_open = Generation.objects.open().filter(message__conversation=source)
    if not set(pks).isdisjoint(still_open.values_list("message", flat=True)):
        raise Refusal("still_open", _("This reply is still being written."))
    is_asked_again = not message.is_reply  # and counted there
    if not is_asked_again:
        count(user, "messages_per_minute")
    fork = Conversation.objects.create(
        owner=user,
        persona=source.persona,
        folder=source.folder,
        title=_title_beside(user, source.title),
        expires_at=source.expires_at,
        has_people=source.has_people and _has_others(source, pks, user),
        updated_at=timezone.now(),
    )
    fork.head = _copy(fork, pks)
    fork.save(update_fields=["head"])
    if is_asked_again:
        fork.head.conversation = fork
        answer(user, fork.head, fork.persona)
    events.changed_in_lists(fork.pk, [user.pk])
    return fork


def _title_beside(user, title):
    """Return `title` with the first number that tells it from theirs: "Tides (2)"."""
    base = _NUMBER.sub("", title)
    titles = user.conversations.filter(title__startswith=base[:_SHARED])
    taken = set(titles.values_list("title", flat=True))
    numbered = (f"{base[:_SHARED]} ({number})" for number in numbers(2))
    return next(title for title in numbered if title not in taken)


def _has_others(source, pks, user):
    """Whether somebody else wrote any of these messages, and is to be named."""
    asked = source.messages.filter(role=Message.Role.USER).exclude(author=user)
    return not set(pks).isdisjoint(asked.values_list("pk", flat=True))


def _copy(fork, pks):
    """Copy these messages, each the parent of the next; return the last copy."""
    parent = None
    for start in range(0, len(pks), AT_ONCE):
        parent = _copy_some(fork, pks[start : start + AT_ONCE], parent)
    return parent


def _copy_some(fork, pks, parent):
    rows = Message.objects.filter(pk__in=pks).select_related("generation")
    copies, facts = [], []
    for row in rows.order_by("pk"):
        generation = getattr(row, "generation", None)
        row.pk, row.conversation, row.client_id = None, fork, None
        row.parent = None
        copies.append(row)
        facts.append(generation)
    Message.objects.bulk_create(copies)
    for copy in copies:
        copy.parent, parent = parent, copy
    Message.objects.bulk_update(copies, ["parent"], batch_size=100)
    pairs = zip(copies, facts, strict=True)
    Generation.objects.bulk_create(
        _copied(generation, copy) for copy, generation in pairs if generation
    )
    return parent


def _copied(generation, message):
    fields = [f.attname for f in Generation._meta.fields if f.name not in _OWN]
    values = {name: getattr(generation, name) for name in fields}
    return Generation(message=message, **values)
