"""What one tab sent and saw, in order, to be compared with the database at the end."""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from .pages import Page, parse_messages, words_of


@dataclass
class Sent:
    """A message on its way. `message` is its id once it is acknowledged."""

    client_id: str
    text: str
    frame: dict
    message: int | None = None
    acknowledged_at: float | None = None
    errors: list = field(default_factory=list)  # codes of refusals

    @property
    def is_unsent(self):
        """Whether it waits in the page, to be sent once more."""
        return self.message is None


@dataclass(frozen=True)
class Sight:
    """What was to be read of a reply at one time, by `time.monotonic`.

    `is_live`: it was shown as it was written, not as a snapshot of what there was.
    """

    at: float
    seq: int
    words: str
    is_live: bool


class History:
    """Takes every frame of a tab. `faults` are what no tab may see, as sentences.

    `sights` holds what was shown of each reply by message id, `ends` the frames
    `reply.ended`, `asked_again` how often another reply to a question was asked for.
    """

    def __init__(self, name):
        self.name = name
        self.has_left = False  # what its page shows is of no account any more
        self.page = Page()
        self.sent = {}
        self.sights = defaultdict(list)
        self.ends = defaultdict(list)
        self.asked_again = defaultdict(int)
        self._gaps = defaultdict(set)
        self.errors = []
        self.closes = []  # the codes with which sockets ended
        self.connected_at = []
        self.faults = []

    def fault(self, sentence):
        self.faults.append(f"{self.name}: {sentence}")

    def take(self, frame):
        """Take one frame; return False when the tab must ask what it missed."""
        handler = getattr(self, f"_{frame['type'].replace('.', '_')}", None)
        if handler is None:
            self.fault(f"a frame nobody knows: {frame['type']}")
            return True
        return handler(frame)

    # ── messages ──────────────────────────────────────────────────────────────────
    def _message_accepted(self, frame):
        sent = self.sent.get(frame["client_id"])
        if sent is None:
            self.fault(f"accepted what was never sent: {frame['client_id']}")
            return True
        if sent.message not in (None, frame["message"]):
            self.fault(f"{sent.text!r} is {sent.message} and {frame['message']}")
        sent.message = frame["message"]
        sent.acknowledged_at = sent.acknowledged_at or time.monotonic()
        return self.page.place(*parse_messages(frame["html"]))

    def _message_posted(self, frame):
        self.page.count_versions(frame["siblings"])
        self.page.place(*parse_messages(frame["html"]))
        return True

    def _reply_started(self, frame):
        self.page.count_versions(frame["siblings"])
        [fresh] = parse_messages(frame["html"])
        is_placed = self.page.place_reply(fresh)
        return is_placed or fresh.pk in self.page.elsewhere

    def _conversation_changed(self, frame):
        branch = frame.get("branch")
        if branch is None:
            return True
        return self.page.show_branch(branch["after"], parse_messages(branch["html"]))

    def _branch_selected(self, frame):
        """It only offers another branch; the page keeps its own."""
        return True

    def _sync(self, frame):
        """The server asks to be asked: something may have been missed."""
        return False

    def _error(self, frame):
        self.errors.append(frame)
        if sent := self.sent.get(frame.get("client_id")):
            sent.errors.append(frame["code"])
        return True

    # ── replies ───────────────────────────────────────────────────────────────────
    def _reply_progressed(self, frame):
        pk, seq = frame["message"], frame["seq"]
        live = self.page.messages.get(pk)
        if live and live.seq is not None and seq > live.seq + 1:
            if live.seq not in self._gaps[pk]:
                self.fault(f"reply {pk} jumps from {live.seq} to {seq}")
            self._gaps[pk].add(live.seq)
        if not live and pk not in self.page.elsewhere:
            self.page.elsewhere.add(pk)  # asked about once
            return False
        ops = frame["ops"] if frame["kind"] == "text" else None
        is_known = self.page.progress(pk, seq, ops)
        self._look(pk, is_live=True)
        return is_known

    def _reply_snapshot(self, frame):
        pk = frame["message"]
        self.page.reset(pk, frame["seq"], frame["segments"], frame["state"])
        self._look(pk, is_live=False)
        return True

    def _look(self, pk, *, is_live):
        if live := self.page.messages.get(pk):
            seen = live.seq or 0, words_of(live.body), is_live
            self.sights[pk].append(Sight(time.monotonic(), *seen))

    def _reply_ended(self, frame):
        [fresh] = parse_messages(frame["html"])
        if fresh.is_open:
            self.fault(f"reply {fresh.pk} has ended as {fresh.state}")
        self.ends[fresh.pk].append(frame | {"at": time.monotonic()})
        self.page.place(fresh)
        return True
