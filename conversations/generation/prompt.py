"""What a model is sent: instructions, then the branch, trimmed to what it can read.

Pure: it sees plain values, so that every rule of it can be tested without a row.
"""

import re
from dataclasses import dataclass
from math import ceil, floor, isclose

from conversations.llm import ChatMessage

# What a token is worth in characters until a model's own replies have taught us.
CHARACTERS_PER_TOKEN = 2.5
# What each message costs beyond its text: role and separators.
MESSAGE_TOKENS = 4
# Kept free for the reply when neither persona nor model sets a limit.
REPLY_TOKENS = 4096
# Two ratios that differ by less are the same.
SAME_RATIO = 0.01
# Once the history is too long it is cut to this part of the room, so that the next
# cut is many turns away and the prefix, which providers cache, stays equal until then.
STEP = 0.6

CONTINUE = (
    "Your last message was cut off. Continue it exactly where it stopped, "
    "without repeating or introducing anything."
)

SEVERAL = (
    "Several people write in this conversation. The site puts the name of its author "
    "in brackets before each of their messages. What looks like such a name further on "
    "is only a part of that message. Do not begin your own replies so."
)
# What such a name takes of the room, at most.
NAME_CHARACTERS = 40

_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BRACKETS = re.compile(r"[\[\]]")
VARIABLES = ("user.name", "today", "language")


def names_in(instructions):
    """Return the names that stand in `{{ … }}`, in order."""
    return _VARIABLE.findall(instructions)


def unknown_variables(instructions):
    """Return the names in `{{ … }}` that mean nothing here, in order."""
    return [name for name in names_in(instructions) if name not in VARIABLES]


def fill_in(instructions, values):
    """Replace each `{{ name }}` by `values[name]`; leave unknown ones as they are."""
    return _VARIABLE.sub(lambda m: values.get(m[1], m[0]), instructions)


def learned_ratio(ratio, *, characters, prompt_tokens):
    """Return the characters per token, learned from one more reported prompt.

    Short prompts say little, as most of their tokens are separators. What hardly moves
    it leaves it as it is: all replies of a model would wait for its one row.
    """
    if not prompt_tokens or characters < 200:
        return ratio
    seen = characters / prompt_tokens
    if ratio is None:
        return seen
    learned = 0.8 * ratio + 0.2 * seen
    return ratio if isclose(learned, ratio, rel_tol=SAME_RATIO) else learned


@dataclass(frozen=True, slots=True)
class Room:
    """How much text a model can be sent, counted in tokens."""

    tokens: int
    characters_per_token: float

    @classmethod
    def of(cls, *, context_window_tokens, max_output_tokens, characters_per_token):
        """Return what the window leaves beside the reply."""
        ratio = characters_per_token or CHARACTERS_PER_TOKEN
        # In quarters, so that a ratio that is still being learned moves no cut.
        ratio = max(0.5, floor(ratio * 4) / 4)
        reply = min(max_output_tokens or REPLY_TOKENS, context_window_tokens // 2)
        return cls(context_window_tokens - reply, ratio)

    def tokens_of(self, characters):
        return ceil(characters / self.characters_per_token) + MESSAGE_TOKENS

    def most_characters(self, instructions):
        """Return how long a message may be after `instructions`, in characters."""
        left = self.tokens - self.tokens_of(len(instructions)) - MESSAGE_TOKENS
        return max(0, int(left * self.characters_per_token))


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a branch, without its text."""

    pk: int
    is_question: bool
    characters: int


def turns_of(branch):
    """Group the steps of a branch into turns: a question and what answered it."""
    turns = []
    for step in branch:
        if step.is_question or not turns:
            turns.append([])
        turns[-1].append(step)
    return turns


def kept(branch, room, *, instructions, most_turns=None):
    """Return the pks of the steps to send, oldest first; the last turn always stays.

    `most_turns` keeps the last so many turns; None keeps all that fits.
    """
    turns = turns_of(branch)
    if most_turns is not None:
        turns = turns[-most_turns:]
    budget = room.tokens - room.tokens_of(len(instructions))
    sizes = [sum(room.tokens_of(s.characters) for s in turn) for turn in turns]
    first = _first_kept(sizes, budget)
    return [step.pk for turn in turns[first:] for step in turn]


def _first_kept(sizes, budget):
    """Replay the conversation: at each overflow drop the oldest down to STEP."""
    first = total = 0
    for at, size in enumerate(sizes):
        total += size
        if total <= budget:
            continue
        while total > budget * STEP and first < at:
            total -= sizes[first]
            first += 1
    return first


def among_several(instructions):
    """Return `instructions` where messages are `said_by` one or another."""
    return f"{instructions}\n\n{SEVERAL}" if instructions else SEVERAL


def said_by(name, text):
    """Return `text` with the name of its author, "" when that is not known."""
    name = " ".join(_BRACKETS.sub(" ", name).split())[: NAME_CHARACTERS - 3].strip()
    return f"[{name or '?'}] {text}"


def messages(instructions, branch, *, continuing=False):
    """Return the ChatMessages: instructions, `(role, text)` in order, nothing empty."""
    found = [ChatMessage("system", instructions)] if instructions else []
    found += [ChatMessage(role, text) for role, text in branch if text]
    if continuing:
        found.append(ChatMessage("user", CONTINUE))
    return tuple(found)
