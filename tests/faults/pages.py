"""What the page keeps of a conversation: messages, their order, replies that grow."""

import html
import re
from dataclasses import dataclass, field

from conversations.rendering import apply_ops

OPEN = ("queued", "running")
_MESSAGE = re.compile(r"<chat-message\b.*?</chat-message>", re.DOTALL)
_ATTRIBUTE = re.compile(r'data-(message|role|state|parent)="([^"]*)"')
_BODY = re.compile(r'data-part="body"[^>]*>(.*)</div>\s*<footer', re.DOTALL)
_COUNTER = re.compile(
    r'data-part="siblings"[^>]*>\s*<button.*?<span>(\d+/\d+)</span>', re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")


@dataclass
class Shown:
    """One message as a page shows it. `seq` None: not known by frames."""

    pk: int
    role: str
    state: str
    parent: int | None
    body: str  # HTML
    seq: int | None = None
    segments: list = field(default_factory=list)
    counter: str = ""  # "2/3": the second of three versions

    @property
    def is_reply(self):
        return self.role == "assistant"

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def words(self):
        return words_of(self.body)


def words_of(markup):
    """Return the text of `markup` in one line."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def parse_messages(markup):
    """Return the messages that `markup` holds, as Shown, in order."""
    return [_parse(found) for found in _MESSAGE.findall(markup)]


def _parse(markup):
    attributes = dict(_ATTRIBUTE.findall(markup.partition(">")[0]))
    body = _BODY.search(markup)[1].strip()
    return Shown(
        pk=int(attributes["message"]),
        role=attributes["role"],
        state=attributes["state"],
        parent=int(attributes["parent"]) if attributes["parent"] else None,
        body=body,
        seq=None if body else 0,
        counter=counter_in(markup),
    )


def counter_in(markup):
    """Return the counter of versions, as "2/3"; empty for the only one."""
    found = _COUNTER.search(markup)
    return found[1] if found else ""


class Page:
    """The branch that is shown. Each method says whether it knew what to do.

    False: the page asks the server by `sync`, as it does for whatever it cannot place.
    """

    def __init__(self):
        self.messages = {}  # by pk, in the order of the branch
        self.elsewhere = set()

    @property
    def head(self):
        return next(reversed(self.messages), None)

    @property
    def parent(self):
        """The last reply shown, which the next message answers."""
        replies = [m.pk for m in self.messages.values() if m.is_reply]
        return replies[-1] if replies else None

    @property
    def open_replies(self):
        return [m for m in self.messages.values() if m.is_reply and m.is_open]

    def place(self, fresh):
        """Show `fresh` if it stands on the branch, or goes on with it."""
        live = self.messages.get(fresh.pk)
        if live is None and fresh.parent != self.head:
            self.elsewhere.add(fresh.pk)
            return False
        if live is not None and live.is_open and fresh.is_open and live.seq is not None:
            live.counter = fresh.counter
            return True
        self.messages[fresh.pk] = fresh
        self.elsewhere.discard(fresh.pk)
        return fresh.seq is not None or not fresh.is_open

    def place_reply(self, fresh):
        """The same for a reply, which may replace another one to the same question."""
        last = self.messages.get(self.head)
        if last and is_rival(last, fresh):
            self._remove(last.pk)
        return self.place(fresh)

    def count_versions(self, siblings):
        """Take the counters of other versions, by id."""
        for pk, markup in siblings.items():
            if live := self.messages.get(int(pk)):
                live.counter = counter_in(markup)

    @property
    def heard_of(self):
        """The ids of all messages of which the page knows, shown or on a branch."""
        return self.elsewhere | self.messages.keys()

    def show_branch(self, after, messages):
        """Show `messages` in place of all that followed `after`."""
        order = list(self.messages)
        if after is not None and after not in order:
            self.messages.clear()  # the page reloads
            return False
        kept = {message.pk for message in messages}
        following = order if after is None else order[order.index(after) + 1 :]
        for pk in following:
            if pk not in kept:
                self._remove(pk)
        placed = [self.place(message) for message in messages]
        return all(placed)

    def _remove(self, pk):
        del self.messages[pk]
        self.elsewhere.add(pk)

    def progress(self, pk, seq, ops):
        """Take a frame of text (`ops` None: of something else that is not shown)."""
        live = self.messages.get(pk)
        if live is None:
            return pk in self.elsewhere
        if live.seq is None or seq > live.seq + 1:
            return False
        if seq == live.seq + 1:
            live.seq, live.state = seq, "running"
            if ops is not None:
                live.segments = apply_ops(live.segments, ops)
                live.body = "".join(live.segments)
        return True

    def reset(self, pk, seq, segments, state):
        live = self.messages.get(pk)
        if live is not None:
            live.seq, live.segments, live.state = seq, list(segments), state
            live.body = "".join(segments)


def is_rival(last, fresh):
    """Whether `last` is another reply to what `fresh` answers."""
    return last.is_reply and last.pk != fresh.pk and last.parent == fresh.parent
