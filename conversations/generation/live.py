"""The replies that this process is writing now."""

import asyncio
import os
import re
import socket
import uuid

from conversations import metrics

# Names this process in `Generation.owner` and in its group on the channel layer.
_host = re.sub(r"[^a-zA-Z0-9-]", "-", socket.gethostname())[:40]
PROCESS = f"{_host}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


class Writing:
    """One reply in progress: its draft, the task that writes it, how to end it."""

    def __init__(self, generation_id, draft):
        self.generation_id = generation_id
        self.draft = draft
        self.ending = None
        self.is_over = False  # what is left to do is to save it
        self._task = asyncio.current_task()
        self._seen = None

    def end(self, state, *, seen=None):
        """Break off with `state`; the first call wins. `seen`: the last frame shown."""
        if self.ending is None and not self.is_over:
            self.ending, self._seen = state, seen
            self._task.cancel()

    @property
    def text(self):
        """The text to keep: all of it, or what was seen when it was stopped."""
        if self._seen is None:
            return self.draft.text
        return self.draft.text_at(self._seen)


class Replies:
    """The Writings of this process by message id."""

    def __init__(self):
        self.reset()

    def reset(self):
        """Belong to the loop that runs from now on."""
        self._by_message = {}
        self._any = asyncio.Event()

    def __iter__(self):
        return iter(list(self._by_message.values()))

    def __len__(self):
        return len(self._by_message)

    def add(self, writing):
        self._by_message[writing.draft.message_id] = writing
        self._any.set()
        metrics.replies_running(len(self))

    def remove(self, writing):
        if self.get(writing.draft.message_id) is writing:
            del self._by_message[writing.draft.message_id]
        if not self._by_message:
            self._any.clear()
        metrics.replies_running(len(self))

    def get(self, message_id):
        return self._by_message.get(message_id)

    def draft(self, message_id):
        """Return the Draft of that reply, None when it is not written here."""
        writing = self.get(message_id)
        return writing and writing.draft

    async def wait(self):
        """Wait until there is one."""
        await self._any.wait()


replies = Replies()
