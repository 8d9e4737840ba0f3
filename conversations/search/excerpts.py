"""The piece of a text in which it was found, with the words marked."""

import re
from functools import lru_cache
from html import escape

from django.utils.safestring import mark_safe

from conversations.rendering import piece_of, place_around, plain_text

from .words import fold, is_run, split_scripts, words

# Characters: of the piece, and of it before the first word that is marked. Signs of
# scripts without spaces say twice as much each.
WIDTH, LEAD = 280, 60
MOST_MARKS = 100
# A text whose letters change their number when folded is looked at only so far.
LONGEST_UNEVEN = 20_000


def excerpt(text, phrases):
    """Return two lines or so of `text`, Markdown, as safe HTML: where it was found.

    It is cut after its marks have gone: half of one would be shown.
    """
    found_at = _best(_spans(text, phrases))
    first, last = place_around(text, found_at, before=LEAD, after=WIDTH)
    piece = piece_of(text, first, last)
    plain = plain_text(piece)
    spans = _spans(plain, phrases)
    if not spans:  # in the address of a link, for one
        plain = plain_text(piece, with_addresses=True)
        spans = _spans(plain, phrases)
    begin, end = _place(plain, spans)
    spans = [(start - begin, stop - begin) for start, stop in spans]
    spans = [
        (start, stop) for start, stop in spans if start >= 0 and stop <= end - begin
    ]
    before = "… " if first or begin else ""
    after = " …" if last < len(text) or end < len(plain) else ""
    return mark_safe(f"{before}{_marked(plain[begin:end].rstrip(), spans)}{after}")


def marked(text, phrases):
    """Return `text` as safe HTML with what is asked in <mark>."""
    return mark_safe(_marked(text, _spans(text, phrases)))


def _marked(text, spans):
    parts, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        parts += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _place(text, spans):
    """Return where to cut, between two words, for as many different marks as may be."""
    start = _best(spans)
    width = WIDTH // 2 if is_run(text[start : start + 1]) else WIDTH
    begin = max(0, start - LEAD)
    if begin:
        space = text.find(" ", begin, start)
        begin = space + 1 if space > 0 else begin
    end = begin + width
    if end < len(text):
        space = text.rfind(" ", begin + width // 2, end)
        end = space if space > 0 else end
    return begin, end


def _best(spans):
    """Return where a piece begins that has as many different words as may be."""
    best, most = 0, 0
    for index, (start, _end) in enumerate(spans):
        inside = [end - begin for begin, end in spans[index:] if end < start + WIDTH]
        if len(set(inside)) > most:
            best, most = start, len(set(inside))
    return best


def _spans(text, phrases):
    """Return `(start, end)` of the words of `phrases` in `text`, in order."""
    folded, places = _folded(text)
    found = sorted(
        (match.span() for phrase in phrases for match in _matches(folded, phrase)),
        key=lambda span: (span[0], -span[1]),
    )[:MOST_MARKS]
    if places is None:
        return found
    return [(places[start], places[end - 1] + 1) for start, end in found]


def _folded(text):
    """Return `text` folded, and where each of its letters was; None: where it is."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, None
    letters, places = [], []
    for place, letter in enumerate(text[:LONGEST_UNEVEN]):
        plain = fold(letter)
        letters.append(plain)
        places += [place] * len(plain)
    return "".join(letters), places


def _matches(folded, phrase):
    pattern, is_word_at_start, is_word_at_end = pattern_of(phrase)
    count = 0
    for match in pattern.finditer(folded):
        start, end = match.span()
        if is_word_at_start and _goes_on(folded[start - 1 : start]):
            continue
        if is_word_at_end and _goes_on(folded[end : end + 1]):
            continue
        yield match
        count += 1
        if count == MOST_MARKS:
            return


@lru_cache(maxsize=256)
def pattern_of(phrase):
    """Return the pattern of a phrase, and whether a word begins and ends with it."""
    pieces = split_scripts(" ".join(_inner(phrase).split()))
    written = [re.escape(word) for piece in pieces for word in piece.split()]
    pattern = r"[\W_]*".join(written)
    begins = not is_run(pieces[0][0])
    ends = not is_run(pieces[-1][-1])
    if ends and phrase.is_beginning:
        pattern += r"[^\W_]*"
    return re.compile(pattern), begins, ends and not phrase.is_beginning


def _inner(phrase):
    """The words of a phrase without the pairs of their signs."""
    return words(phrase.text, in_pairs=False)


def _goes_on(letter):
    """Whether that letter, "" at an end, belongs to the word beside it."""
    return letter.isalnum() and not is_run(letter)
