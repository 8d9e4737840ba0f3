"""Whatever file people have, read conversation by conversation."""

import hashlib
import json
import logging
import re
from contextlib import contextmanager
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from . import (
    belongings,
    chatgpt,
    chatui,
    claude,
    json_stream,
    librechat,
    native_in,
    openwebui,
    packages,
    trees,
)
from .entries import Belongings, Entry, Fault, Skipped
from .values import title

logger = logging.getLogger(__name__)

# The first one that recognises an object reads it.
FORMATS = (native_in, chatgpt, claude, librechat, openwebui, chatui)

_TITLE = re.compile(r'"(?:title|name)"\s*:\s*("(?:[^"\\]|\\.){0,1000}")')


@contextmanager
def opened(path, limits):
    """Give the Package of the file at `path`.

    Raises TransferFailed when it is no such file, or a ZIP over the limits.
    """
    with packages.parts(path, limits) as parts:
        yield Package(parts, limits)


class Package:
    """Yields an Entry or a Fault for each conversation; nothing else is raised.

    Prompts and settings of our own export are Belongings.

    `read_bytes` of `total_bytes` have been read. `passed_over` are objects of a ZIP
    that are no conversations, and were not expected to be.
    """

    def __init__(self, parts, limits):
        self._parts, self._limits = parts, limits
        self.read_bytes = self.passed_over = 0
        self.total_bytes = sum(part.size_bytes for part in parts)

    def __iter__(self):
        left = self._limits.conversations
        for part in self._parts:
            chunks = self._counted(part)
            try:
                for source in json_stream.entries(
                    chunks, longest=self._limits.conversation_characters
                ):
                    if not left:
                        yield Fault("", _too_many(self._limits))
                        return
                    left -= 1
                    item = read_entry(source, self._limits)
                    if part.is_guessed and isinstance(item, Fault) and item.is_foreign:
                        self.passed_over += 1
                    else:
                        yield item
            except json_stream.Damaged:
                yield Fault("", _("The file is damaged, or ends, here."), True)

    def _counted(self, part):
        try:
            for chunk in part.chunks():
                self.read_bytes += len(chunk)
                yield chunk
        except packages.BROKEN_ZIP:
            raise json_stream.Damaged from None


def read_entry(source, limits):
    """Return the Entry or Belongings of a json_stream.Source, or its Fault."""
    if source.is_too_large:
        megabytes = limits.conversation_characters // 1024**2
        why = _("It is larger than %(most)d MB.") % {"most": megabytes}
        return Fault(_title_in(source.text), why)
    try:
        value = json_stream.parse(source, deepest=limits.depth)
    except json_stream.Damaged:
        return Fault(_title_in(source.text), _("It is damaged."))
    if not isinstance(value, dict):
        return Fault("", _("It is no conversation."), True)
    if belongings.recognises(value):
        return Belongings(value)
    named = title(value.get("title")) or title(value.get("name"))
    for form in FORMATS:
        if form.recognises(value):
            return _read(form, value, named, limits)
    return Fault(named, _("It is in no format that this site reads."), True)


def _read(form, value, named, limits):
    try:
        return entry_of(form, value, limits)
    except Skipped as reason:
        return Fault(named, str(reason))
    except Exception:  # of one conversation; the others are not to blame
        logger.exception("A conversation of %s could not be read", form.NAME)
        return Fault(named, _("It could not be read."))


def entry_of(form, value, limits):
    """Return the Entry that `form` reads in `value`; raises Skipped, saying why."""
    draft = form.read(value)
    turns, head = trees.arrange(
        draft.nodes, draft.head, limits, has_people=draft.has_people
    )
    source_id = draft.source_id or _digest(draft, turns)
    now = datetime.now(UTC)
    times = [turn.created_at for turn in turns if turn.created_at]
    updated = draft.updated_at or max(times, default=draft.created_at) or now
    created = min(draft.created_at or min(times, default=updated), now)
    _fill_in_times(turns, created, now)
    return Entry(
        source=form.SOURCE,
        source_id=source_id,
        title=draft.title,
        created_at=created,
        updated_at=min(max(updated, created), now),
        turns=turns,
        head=head,
        is_archived=draft.is_archived,
        is_pinned=draft.is_pinned,
        folder=draft.folder,
        persona=draft.persona,
        has_people=draft.has_people,
        kept=draft.kept,
    )


def _fill_in_times(turns, created, now):
    """Give each turn that tells no time that of the one it follows; none is to come."""
    times = {None: created}
    for turn in turns:
        turn.created_at = min(turn.created_at or times[turn.parent], now)
        times[turn.id] = turn.created_at


def _digest(draft, turns):
    """Return an id for what has none: the same one for the same conversation."""
    said = [draft.title, str(draft.created_at), [(t.role, t.text) for t in turns]]
    return "sha256-" + hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]


def _title_in(text):
    found = _TITLE.search(text)
    try:
        return title(json.loads(found[1], strict=False)) if found else ""
    except ValueError:
        return ""


def _too_many(limits):
    return _(
        "It holds more than %(most)d conversations; what follows was left out."
    ) % {"most": limits.conversations}
