"""What to offer a person whose question finds nothing.

A word is compared with those of their own newest messages and titles, and with no
others: nobody is offered a word that only somebody else wrote. So an offer costs the
same with a hundred messages and a million, and knows no word that was last used before
the newest 300 messages and 300 titles. Nothing is offered that finds nothing.
"""

import re
from collections import Counter
from itertools import islice

from .entries import is_found, newest_texts, newest_titles
from .query import parse
from .words import fold, is_run, words

MOST_TEXTS = 300
MOST_CHARACTERS, MOST_IN_ALL = 2000, 200_000  # of each, and of all, the newest first
# What is longer is no slip of one letter, or of one sign, that anybody would look for;
# comparing takes the more the longer they are, and holds up everybody else.
SHORTEST_WORD, LONGEST_WORD, LONGEST_RUN = 3, 40, 12
MOST_MENDED, MOST_COMPARED = 6, 1000
MOST_OFFERS = 3
MOST_ALIKE = 30  # that are looked at more closely, the most frequent
LOOSEST = 0.2  # of 1: the two signs of a pair are never without each other


def nearest(user, text):
    """Return up to MOST_OFFERS questions near `text` that do find something."""
    query = parse(text)
    if query.problems or not query.phrases:
        return []
    known = _vocabulary(user)
    mended = {
        phrase.text: word
        for phrase in query.phrases[:MOST_MENDED]
        if (word := _mended(phrase, known))
    }
    whole = text
    for wrong, right in mended.items():
        whole = whole.replace(wrong, right)
    if whole != text and is_found(user, parse(whole)):
        return [whole]
    alone = [mended.get(phrase.text, phrase.text) for phrase in query.phrases]
    parts = alone if len(alone) > 1 else _shorter(query.phrases[0])
    # The operators are left out with the other words.
    return [part for part in parts if is_found(user, parse(part))][:MOST_OFFERS]


def _vocabulary(user):
    """Count the words of the person's newest texts."""
    texts = [
        *newest_titles(user, limit=MOST_TEXTS),
        *newest_texts(user, limit=MOST_TEXTS, characters=MOST_CHARACTERS),
    ]
    known = "\n".join(texts)[:MOST_IN_ALL]
    return Counter(words(known, in_pairs=False).split())


def _mended(phrase, known):
    """Return the word of `known` that was probably meant; "" if none, or it is one."""
    word = phrase.tokens[0]
    if is_run(fold(phrase.text)):
        return _mended_run(fold(phrase.text), known)
    if len(phrase.tokens) > 1 or is_run(word[0]):
        return ""
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return ""
    if any(one.startswith(word) for one in known):
        return ""
    most = 1 if len(word) < 6 else 2
    alike = (
        (one, count)
        for one, count in known.most_common()
        if abs(len(one) - len(word)) <= most and len(set(one) ^ set(word)) <= 2 * most
    )
    near = [
        (distance, -count, one)
        for one, count in islice(alike, MOST_COMPARED)
        if (distance := _distance(one, word)) <= most
    ]
    return min(near)[2] if near else ""


def _mended_run(run, known):
    """Return what stands in `known` like `run`, but for one sign of it.

    "" if nothing does, or `run` itself does. Of several it is the most frequent; of two
    signs the pair that belongs together the most: where words have no spaces most pairs
    are no word, and in a word both signs are seldom without the other.
    """
    text = "\n".join(known.elements())
    if not 2 <= len(run) <= LONGEST_RUN or run in text:
        return ""
    first, rest = run[0], run[1:]
    others = (f"{rest[:at]}.{rest[at + 1 :]}" for at in range(len(rest)))
    counted = Counter(re.findall(f"{first}(?:{'|'.join(others)})", text))
    counted.update(text[m.start() - 1 : m.end()] for m in re.finditer(rest, text))
    near = {one: n for one, n in counted.most_common(MOST_ALIKE) if is_run(one)}
    if len(run) == 2:
        bound = {
            one: n * n / (text.count(one[0]) * text.count(one[1]))
            for one, n in near.items()
            if n > 1
        }
        near = {one: share for one, share in bound.items() if share >= LOOSEST}
    return max(near, key=near.get, default="")


def _distance(one, other):
    """Count the letters to add, to leave out, to change, or to swap with the next."""
    before, last = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        line = [i]
        for j, wanted in enumerate(other, 1):
            least = min(last[j] + 1, line[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 < j and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, before[j - 2] + 1)
            line.append(least)
        before, last = last, line
    return last[-1]


def _shorter(phrase):
    """Parts of a word in a script without spaces, the longest first."""
    text = phrase.text
    if len(text) < 3 or not is_run(text[0]):
        return []
    half = len(text) // 2
    parts = [text[:-1], text[1:], text[:half], text[half:]]
    return [part for part in dict.fromkeys(parts) if len(part) > 1]
