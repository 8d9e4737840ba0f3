"""A reply while it is being written: its text so far, its frames, its snapshot."""

from collections import deque
from dataclasses import dataclass

from conversations.rendering import GrowingRender

TEXT = "text"
REASONING = "reasoning"

# Frames kept for tabs that come back soon; who was away longer gets a snapshot.
RING = 64
# Above this many characters in the part that may still change, frames come less often.
LONG_TAIL = 16_384


@dataclass(frozen=True, slots=True)
class Patch:
    """One frame: what to change in the HTML shown, and how long the text was then."""

    seq: int
    kind: str
    ops: list
    characters: int

    def frame(self, message_id):
        """Return it as a page is sent it."""
        return {
            "type": "reply.progressed",
            "message": message_id,
            "seq": self.seq,
            "kind": self.kind,
            "ops": self.ops,
        }


class Draft:
    """The live text of one reply. `seq` counts the frames taken from it."""

    def __init__(self, *, message_id, conversation_id, text="", reasoning="", seq=0):
        self.message_id = message_id
        self.conversation_id = conversation_id
        prefix = f"message-{message_id}-"
        self._renders = {
            TEXT: GrowingRender(prefix=prefix, text=text),
            REASONING: GrowingRender(prefix=f"{prefix}reasoning-", text=reasoning),
        }
        self._fed = set()
        self._ring = deque(maxlen=RING)
        self.seq = seq
        self.is_saved = True
        self._skipped = 0
        if text or reasoning:  # continued: show what there is before it grows
            self._fed = {TEXT, REASONING}
            self.flush()

    def feed(self, kind, piece):
        """Add `piece` to the text or the reasoning."""
        self._renders[kind].feed(piece)
        self._fed.add(kind)
        self.is_saved = False

    @property
    def text(self):
        return self._renders[TEXT].text

    @property
    def reasoning(self):
        return self._renders[REASONING].text

    @property
    def is_due(self):
        """Whether a frame should be taken now; asked once a tick of the clock."""
        if not self._fed:
            return False
        size = max(self._renders[kind].tail_size for kind in self._fed)
        self._skipped += 1
        if self._skipped * LONG_TAIL < size:
            return False
        self._skipped = 0
        return True

    def flush(self):
        """Return the Patches that bring every viewer up to the text so far."""
        patches = []
        for kind in sorted(self._fed, reverse=True):
            if ops := self._renders[kind].flush():
                self.seq += 1
                patches.append(Patch(self.seq, kind, ops, len(self.text)))
        self._fed.clear()
        self._ring.extend(patches)
        return patches

    def since(self, seq):
        """Return the Patches after frame `seq`, None when a snapshot is needed."""
        if seq == self.seq:
            return []
        ring = list(self._ring)  # it may be asked for in another thread
        if not ring or not ring[0].seq <= seq + 1 <= self.seq:
            return None
        return [patch for patch in ring if patch.seq > seq]

    def snapshot(self):
        """Return what a tab must show to go on with frame `seq` + 1."""
        return {
            "message": self.message_id,
            "seq": self.seq,
            "segments": list(self._renders[TEXT].segments),
            "reasoning": list(self._renders[REASONING].segments),
        }

    def text_at(self, seq):
        """Return the text as frame `seq` showed it, or all of it if that is unknown."""
        for patch in self._ring:
            if patch.seq == seq:
                return self.text[: patch.characters]
        return self.text
