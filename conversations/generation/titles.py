"""A conversation's first title, made from its first message without asking a model."""

import re
import unicodedata

from conversations.rendering import plain_text

# In columns: a wide character, as in Chinese or Korean, takes two.
WIDTH = 48
# A sentence shorter than this says too little to stand alone: "Hi. Can you …".
SHORTEST = 12

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def title_from(text):
    """Return a title of one line, at most WIDTH columns; "" if `text` has no words."""
    words = plain_text(text[:2000])
    return _shortened(_first_sentences(words)).strip()


def _first_sentences(words):
    found = ""
    for sentence in _SENTENCE.split(words):
        found = f"{found} {sentence}".strip()
        if _columns(found) >= SHORTEST:
            break
    return found


def _shortened(words):
    if _columns(words) <= WIDTH:
        return words
    cut = _cut(words)
    head, space, _ = cut.rpartition(" ")
    # Scripts without spaces are cut anywhere; the others between two words.
    if space and _columns(head) > WIDTH / 2:
        cut = head
    return cut.rstrip(" ,;:，、；：") + "…"


def _cut(words):
    """Cut to WIDTH columns, never between a letter and the marks that belong to it."""
    columns = at = 0
    for at, character in enumerate(words):  # noqa: B007
        columns += _columns(character)
        if columns > WIDTH - 1:
            break
    while at and _joins(words[at], words[at - 1]):
        at -= 1
    return words[:at]


def _joins(character, before):
    """Whether the two are one letter or one emoji to the reader."""
    joiners = "\u200d\ufe0f"
    return (
        unicodedata.combining(character)
        or character in joiners
        or before == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or unicodedata.category(character) in ("Mn", "Mc", "Me")
    )


def _columns(text):
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)
