"""An imported conversation as rows."""

import uuid

from django.db import connection, transaction
from django.utils import timezone

from conversations import rendering
from conversations.generation import titles
from conversations.models import (
    Conversation,
    Feedback,
    Folder,
    Generation,
    Message,
)
from conversations.models.conversations import UNFINISHED
from conversations.models.failures import Failure
from conversations.models.folders import MOST_FOLDERS

from .entries import ASSISTANT, USER

# Saved in one transaction: others that want to write wait for its end.
BATCH_MESSAGES, BATCH_CHARACTERS = 500, 500_000
_OWN = "chatsite"
_BROKEN_OFF = {
    Generation.State.CUT_OFF: Failure.CUT_OFF,
    Generation.State.FAILED: Failure.INTERNAL,
    Generation.State.INTERRUPTED: Failure.INTERRUPTED,
}


class Writer:
    """Saves the Entries of one person's import."""

    def __init__(self, owner, authors, untitled):
        self._owner, self._authors, self._untitled = owner, authors, untitled
        # What a process that was killed has left behind.
        mine = Conversation.objects.filter(owner=owner)
        mine.filter(imported_from__startswith=UNFINISHED).delete()

    def save(self, entry):
        """Save `entry` with all its messages, or nothing of it; return its row.

        Raises IntegrityError when the same one is being saved elsewhere.
        """
        try:
            return self._save(entry)
        except BaseException:
            self._authors.forget()
            raise

    def _save(self, entry):
        batches = list(_batches(entry))
        if len(batches) > 1:
            return self._save_long(entry, batches)
        messages = self._messages(entry, entry.turns)
        with transaction.atomic():
            conversation = self._begin(entry)
            keys = self._add(conversation, entry, entry.turns, messages, {})
            _finish(conversation, entry, keys)
        return conversation

    def _save_long(self, entry, batches):
        """Save it a batch after the other, out of sight until it is whole."""
        source = f"{UNFINISHED}{uuid.uuid4()}"
        with transaction.atomic():
            conversation = self._begin(
                entry, imported_from=source, deleted_at=timezone.now()
            )
        keys = {}
        try:
            for turns in batches:
                messages = self._messages(entry, turns)
                with transaction.atomic():
                    keys |= self._add(conversation, entry, turns, messages, keys)
            conversation.deleted_at = None
            conversation.imported_from = imported_from(entry)
            with transaction.atomic():
                _finish(conversation, entry, keys)
        except BaseException:
            conversation.delete()
            raise
        return conversation

    def _begin(self, entry, **fields):
        kept = entry.kept
        return Conversation.objects.create(
            **{
                "pk": _free_key(entry),
                "owner": self._owner,
                "persona": self._authors.partner(entry.source, entry.persona),
                "folder": self._folder(entry.folder),
                "title": entry.title or self._title(entry),
                "has_people": entry.has_people,
                "imported_from": imported_from(entry),
                "pinned_at": _since(entry.is_pinned, kept.pinned_at, entry),
                "archived_at": _since(entry.is_archived, kept.archived_at, entry),
                "replied_at": entry.updated_at if kept.is_unread else None,
                "replies_when": kept.replies_when or Conversation.Replies.ALWAYS,
                "created_at": entry.created_at,
                "updated_at": entry.updated_at,
            }
            | fields
        )

    def _add(self, conversation, entry, turns, messages, keys):
        """Save the messages of `turns`; return all keys, by the ids of the turns."""
        for message in messages:
            message.conversation = conversation
        Message.objects.bulk_create(messages)
        keys = keys | {t.id: m.pk for t, m in zip(turns, messages, strict=True)}
        _set_parents(turns, keys)
        Generation.objects.bulk_create(self._generations(entry, turns, keys))
        Feedback.objects.bulk_create(self._feedback(turns, keys))
        return keys

    def _feedback(self, turns, keys):
        for turn in turns:
            if turn.role == ASSISTANT and turn.feedback:
                yield Feedback(
                    reply_id=keys[turn.id],
                    user=self._owner,
                    verdict=turn.feedback.verdict,
                    note=turn.feedback.note,
                    given_at=turn.feedback.given_at or turn.created_at,
                )

    def _generations(self, entry, turns, keys):
        for turn in turns:
            if turn.role != ASSISTANT:
                continue
            seconds = turn.reasoning_seconds
            yield Generation(
                message_id=keys[turn.id],
                persona_version=self._authors.version(entry.source, turn.persona),
                model_name=turn.model,
                state=turn.state,
                error_code=_error_of(turn),
                reasoning_ms=round(seconds * 1000) if seconds else None,
                created_at=turn.created_at,
                ended_at=turn.created_at,
            )

    def _title(self, entry):
        said = (t.text for t in entry.turns if t.role == USER and t.text)
        return titles.title_from(next(said, "")) or self._untitled

    def _folder(self, name):
        name = name[: Folder._meta.get_field("name").max_length].strip()
        if not name:
            return None
        mine = Folder.objects.filter(owner=self._owner)
        # Each time: one may go while the import runs, but not in the same transaction.
        found = mine.select_for_update(no_key=True).filter(name=name).first()
        if found is None and mine.count() < MOST_FOLDERS:
            found, _ = Folder.objects.get_or_create(owner=self._owner, name=name)
        return found

    def _messages(self, entry, turns):
        """Return the messages, rendered, before others wait for the transaction."""
        own = self._own_names(entry)
        messages = []
        for turn in turns:
            is_own = turn.author in own if turn.is_own is None else turn.is_own
            is_own = is_own and turn.role == USER
            message = Message(
                role=turn.role,
                author=self._owner if is_own else None,
                author_name=None if is_own else turn.author,
                text=turn.text,
                reasoning=turn.reasoning,
                created_at=turn.created_at,
            )
            _render(message)
            messages.append(message)
        return messages

    def _own_names(self, entry):
        """Return by which names the owner is meant; None is for "not told"."""
        names = {turn.author for turn in entry.turns if turn.author}
        if entry.has_people:
            return {self._owner.display_name}
        own = {None, self._owner.display_name}
        return own | names if len(names) == 1 else own


def imported_from(entry):
    """Return where an entry comes from, as Conversation.imported_from keeps it."""
    return f"{entry.source}:{entry.source_id}"


def own_key(entry):
    """Return the key that a conversation of ours had when it went out, else None."""
    if entry.source != _OWN:
        return None
    try:
        return uuid.UUID(entry.source_id)
    except ValueError:
        return None


def _free_key(entry):
    """Return the key it had, so that its address leads here again; else a new one."""
    key = own_key(entry)
    if key is None or Conversation.objects.filter(pk=key).exists():
        return uuid.uuid4()
    return key


def _batches(entry):
    """Yield the turns in lists that one transaction takes."""
    batch, size = [], 0
    for turn in entry.turns:
        batch.append(turn)
        size += len(turn.text) + len(turn.reasoning)
        if len(batch) == BATCH_MESSAGES or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _render(message):
    # It has no key yet that its footnotes could be told apart by.
    prefix = f"turn-{uuid.uuid4().hex[:12]}-"
    message.html = rendering.render(
        message.text, prefix=prefix, line_breaks=message.role == USER
    )
    message.reasoning_html = rendering.render(
        message.reasoning, prefix=f"{prefix}reasoning-"
    )
    message.renderer_version = rendering.VERSION


def _set_parents(turns, keys):
    """Say which message follows which.

    Keys are known once the rows are there; one row at a time would take a query for
    each message.
    """
    pairs = [(keys[t.parent], keys[t.id]) for t in turns if t.parent is not None]
    table = connection.ops.quote_name(Message._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET parent_id = %s WHERE id = %s", pairs)


def _error_of(turn):
    """Return why a reply has no end, "" if it has: by this it can be gone on with."""
    if turn.state not in _BROKEN_OFF:
        return ""
    return turn.error or _BROKEN_OFF[turn.state]


def _since(is_so, moment, entry):
    """Return since when it is pinned or archived; None when it is not."""
    if not is_so:
        return None
    return min(moment or entry.updated_at, timezone.now())


def _finish(conversation, entry, keys):
    conversation.head_id = keys[entry.head]
    conversation.leaves = {
        str(keys[version]): keys[leaf]
        for version, leaf in entry.kept.leaves.items()
        if version in keys and leaf in keys
    }
    # Its other dates are old ones: by this a list finds what came since it was drawn.
    conversation.arranged_at = timezone.now()
    fields = ["head", "leaves", "deleted_at", "imported_from", "arranged_at"]
    conversation.save(update_fields=fields)
