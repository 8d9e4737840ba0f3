"""How well a few typed letters name a thing, and which names look the same."""

import re
import unicodedata

FEWEST_SCATTERED = 3  # letters; fewer are found in almost anything
WIDEST_SCATTERED = 3  # times the word: so far may its letters lie apart
START, WORD_START, WITHIN, SCATTERED = 8, 6, 3, 1
# Letters of Latin, Cyrillic and Greek that look the same, small or large.
_ALIKE = "aаα bвβ cсϲ dԁ eеε hнһη iіι jј kкκ mмμ oοо pрρ qԛ sѕ tтτ uυ vνѵ wԝ xхχ yуγ zζ"
_LETTERS_ALIKE = {letter: group for group in _ALIKE.split() for letter in group}


def folded(text):
    """Return `text` as it is compared: without case, accents and width."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    bare = (c for c in unicodedata.normalize("NFD", text) if not _is_accent(c))
    return unicodedata.normalize("NFC", "".join(bare))


def _is_accent(character):
    """Latin, Greek and Cyrillic accents; the vowels of other scripts are letters."""
    return "\u0300" <= character <= "\u036f"


def looks_like(name):
    """Return a regular expression of all names that look like `name` to the eye."""
    return f"^{''.join(map(_letters_like, name))}$"


def _letters_like(character):
    group = _LETTERS_ALIKE.get(character.lower())
    return f"[{group}{group.upper()}]" if group else re.escape(character)


def score(query, text):
    """Return how well `query` names `text`, both folded: more is better, 0 not at all.

    Each word of the query has to be found: as the start of the text, as the start of a
    word, anywhere, or with its letters in order and close to each other.
    """
    scores = [_score_of(word, text) for word in query.split()]
    return sum(scores) / len(scores) if scores and all(scores) else 0


def _score_of(word, text):
    if text.startswith(word):
        return START
    at = text.find(word)
    if at < 0:
        return SCATTERED if _is_scattered(word, text) else 0
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return WORD_START if at > 0 else WITHIN


def _is_scattered(word, text):
    if len(word) < FEWEST_SCATTERED:
        return False
    first = text.find(word[0])
    while first >= 0:
        at = first
        for letter in word[1:]:
            at = text.find(letter, at + 1)
            if at < 0:
                return False
        if at - first < WIDEST_SCATTERED * len(word):
            return True
        first = text.find(word[0], first + 1)
    return False


def best(query, choices, name_of, *, most):
    """Return the `most` of `choices` that `query` names best, in their order if equal.

    An empty query names them all.
    """
    query = folded(query)
    if not query.strip():
        return list(choices[:most])
    scored = [(score(query, folded(name_of(choice))), choice) for choice in choices]
    found = [pair for pair in scored if pair[0]]
    found.sort(key=lambda pair: -pair[0])
    return [choice for _, choice in found[:most]]
