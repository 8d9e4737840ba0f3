"""What one socket has been sent of the replies it watches, and what it acknowledged."""

import time
from collections import deque
from dataclasses import dataclass

# A reply of which nothing was heard for so long may be over, or written elsewhere.
PATIENCE_SECONDS = 1.5
# The same while no event of another process can come.
ALONE_SECONDS = 0.5


@dataclass(slots=True)
class Viewed:
    """One growing reply on one socket."""

    seq: int = 0
    needs_snapshot: bool = False  # until it has one, frames are not sent
    end_is_due: bool = False  # it has ended, but the reader has no room
    heard_at: float = 0.0


class Window:
    """The frames a socket has not acknowledged, so that a slow one fills no memory."""

    def __init__(self, most_bytes):
        self._most = most_bytes
        self._sent = deque()
        self._last = {}  # the last frame sent of each reply
        self._bytes = 0

    def has_room(self):
        return self._bytes < self._most

    def sent(self, message_id, seq, size_bytes):
        self._last[message_id] = seq
        self._sent.append((message_id, seq, size_bytes, time.monotonic()))
        self._bytes += size_bytes

    def awaits(self, message_id, seq):
        """Whether that acknowledges a frame, and none that was not sent yet."""
        if seq > self._last.get(message_id, 0):
            return False
        return any(pk == message_id and sent <= seq for pk, sent, *_ in self._sent)

    def acknowledged(self, message_id, seq):
        """Forget the frames up to `seq`; who claims more reads nothing."""
        if seq <= self._last.get(message_id, 0):
            self._forget(message_id, seq)

    def ended(self, message_id):
        """Forget a reply: its end is not acknowledged."""
        self._forget(message_id, self._last.pop(message_id, 0))

    def _forget(self, message_id, seq):
        kept = deque()
        for entry in self._sent:
            if entry[0] == message_id and entry[1] <= seq:
                self._bytes -= entry[2]
            else:
                kept.append(entry)
        self._sent = kept

    @property
    def oldest_seconds(self):
        """How long the oldest frame has waited for its acknowledgement."""
        return time.monotonic() - self._sent[0][3] if self._sent else 0.0


class Viewing:
    """The growing replies on one socket, by message id."""

    def __init__(self):
        self._viewed = {}

    def __bool__(self):
        return bool(self._viewed)

    def get(self, message_id):
        return self._viewed.setdefault(message_id, Viewed(heard_at=time.monotonic()))

    def items(self):
        return list(self._viewed.items())

    def end(self, message_id):
        self._viewed.pop(message_id, None)

    def silent(self, seconds):
        """Return the message ids of which nothing was heard for so long."""
        before = time.monotonic() - seconds
        return [pk for pk, viewed in self._viewed.items() if viewed.heard_at < before]
