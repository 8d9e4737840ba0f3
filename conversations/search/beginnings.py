"""The beginning of a word, as somebody types it: in a person's newest texts first.

FTS5 gathers every text in which a word begins so before it gives the first of them,
70 ms and more where that is half of a million. What so many texts have stands in enough
of the newest ones to fill a page, and those are soon read.
"""

import re

from .words import LONGEST, RUN, SEPARATOR, fold, is_run

NEWEST, MOST_CHARACTERS = 300, 100_000  # that are read: at most 5 ms
FEW = 60  # that are enough to see that a word is rare, which the index finds at once
_BEFORE = re.compile(f"[\0{SEPARATOR}{RUN}]")


def split(phrases):
    """Return the `phrases` that are whole, and of the others the beginnings."""
    begun = [p for p in phrases if p.is_beginning and len(p.tokens) == 1]
    return [p for p in phrases if p not in begun], [p.tokens[0] for p in begun]


def filled(entries, beginnings, count):
    """Return the first `count` of `entries` that have all `beginnings`, or None.

    None when there are fewer in what is read, or hardly any at first. The last column
    of an entry is its text, None where that is gone.
    """
    found, characters = [], 0
    for number, (*entry, text) in enumerate(entries, 1):
        folded = fold((text or "")[:LONGEST])
        if all(_begins(beginning, folded) for beginning in beginnings):
            found.append(tuple(entry))
            if len(found) == count:
                return found
        characters += len(folded)
        if characters > MOST_CHARACTERS or (number == FEW and len(found) < 2):
            break
    return None


def _begins(beginning, folded):
    """Whether a word of the index begins so; each sign of some scripts begins one."""
    at = folded.find(beginning)
    while at >= 0:
        if at == 0 or is_run(beginning[0]) or _BEFORE.fullmatch(folded[at - 1]):
            return True
        at = folded.find(beginning, at + 1)
    return False
