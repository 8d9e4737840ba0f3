"""A model whose every reply is known from its question."""

import asyncio
import re
import time
from bisect import bisect
from collections import defaultdict

from conversations.generation.prompt import CONTINUE
from tests.fakes import Hold, ScriptedProvider

PARAGRAPH_WORDS = 20
PIECE = re.compile(r"\s*\S+\s*")


def story(question, words):
    """Return the whole reply to `question`: itself, then so many numbered words.

    Only plain words in paragraphs: what a page shows of it is a beginning of it.
    """
    numbered = [f"word{number}" for number in range(1, words + 1)]
    rows = range(0, words, PARAGRAPH_WORDS)
    paragraphs = [" ".join(numbered[at : at + PARAGRAPH_WORDS]) for at in rows]
    return "\n\n".join([f"{question}:", *paragraphs])


class Beat(Hold):
    """The pause after a word, as long as `provider` pauses then; notes the time."""

    def __init__(self, provider, told_at):
        super().__init__()
        self._provider, self._told_at = provider, told_at

    async def pass_through(self):
        self._told_at.append(time.monotonic())
        await asyncio.sleep(self._provider.pause_seconds)


class EchoProvider(ScriptedProvider):
    """Tells the `story` of the last question, a word every `pause_seconds`.

    That may change while it tells; 0 from the start gives all words at once.
    `hold_after(question, 3)` has its reply wait after three words. A continuation goes
    on with the very word at which the reply had broken off.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.reset()

    def reset(self):
        """Forget what a test asked for and what arrived."""
        self.forget_scripts()
        self.requests.clear()
        self.words, self.pause_seconds = 40, 0.002
        self._holds = {}
        self._told_at = defaultdict(list)

    def story(self, question):
        return story(question, self.words)

    def hold_after(self, question, words):
        """Have the next reply to `question` wait after so many words: a Hold."""
        hold = self.hold()
        self._holds[question] = words, hold
        return hold

    def words_told(self, question, before):
        """Return how many words of the story had been sent by that monotonic time."""
        return bisect(self._told_at[question], before)

    def requests_for(self, question):
        """Return the requests that were to answer `question`."""
        asked = (r for r in self.requests if r.body)
        return [r for r in asked if _asked(r.body["messages"])[0] == question]

    def improvise(self, request):
        question, so_far = _asked(request.body["messages"])
        whole = self.story(question)
        if not whole.startswith(so_far):
            self.reply(f"This does not begin {question!r}: {so_far!r}")
            return
        self.reply_pieces(self._paced(question, whole[len(so_far) :]))

    def _paced(self, question, text):
        pieces = PIECE.findall(text)
        if self.pause_seconds:
            beat = Beat(self, self._told_at[question])
            pieces = [part for piece in pieces for part in (piece, beat)]
        if question in self._holds:
            words, hold = self._holds.pop(question)
            pieces.insert(words * len(pieces) // len(PIECE.findall(text)), hold)
        return pieces


def _asked(messages):
    """Return the last question, and how far its reply is already."""
    contents = [message["content"] for message in messages]
    if contents[-1] == CONTINUE:
        return contents[-3], contents[-2]
    return contents[-1], ""
