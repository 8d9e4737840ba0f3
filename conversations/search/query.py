"""What a person asks the search: words, quoted phrases, and operators.

    rainbow "in the rain" persona:tutor folder:school after:2026-01 is:archived

Words may be in any order; all must be there. The last may be unfinished. Operators are
the same in every language, and the marks of Chinese and Japanese keyboards do as well.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from .words import fold, is_run, split_scripts, words

LONGEST = 300  # characters of a query that are read
MOST_PHRASES = 16
# Shorter beginnings stand for too many words.
SHORTEST_BEGINNING = 4

_WRITTEN_ALIKE = str.maketrans(
    {"：": ":", "\u3000": " "} | dict.fromkeys("“”„«»「」『』＂", '"')
)
_PART = re.compile(
    r"""(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]+))
    |"(?P<phrase>[^"]*)"?
    |(?P<word>[^\s"]+)""",
    re.VERBOSE | re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_YES = {"yes", "true", "1"}
_NO = {"no", "false", "0"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the index that follow each other; the last may be a beginning."""

    tokens: tuple
    is_beginning: bool = False
    text: str = ""  # as it was asked


@dataclass(slots=True)
class Query:
    """A question, read. `problems` are sentences about what could not be read."""

    phrases: list = field(default_factory=list)
    personas: list = field(default_factory=list)
    folders: list = field(default_factory=list)
    before: datetime | None = None
    after: datetime | None = None
    is_pinned: bool | None = None
    is_archived: bool | None = None
    problems: list = field(default_factory=list)

    @property
    def has_scope(self):
        """Whether it looks in some conversations only."""
        states = self.is_pinned is not None or self.is_archived is not None
        return bool(self.personas or self.folders or states)

    @property
    def has_filters(self):
        return bool(self.has_scope or self.before or self.after)


def parse(text):
    """Return the Query that `text` is; what is no operator is a word."""
    query = Query()
    for part in _PART.finditer(text[:LONGEST].translate(_WRITTEN_ALIKE)):
        name = (part["name"] or "").lower()
        if name in _OPERATORS:
            value = part["quoted"] if part["quoted"] is not None else part["value"]
            _OPERATORS[name](query, value)
        elif part["phrase"] is not None:
            _add(query, part["phrase"])
        else:
            for piece in split_scripts(part[0].replace('"', " ")):
                _add(query, piece)
    _leave_open(query, text)
    return query


def _add(query, text):
    phrase = as_phrase(text)
    if phrase and phrase not in query.phrases and len(query.phrases) < MOST_PHRASES:
        query.phrases.append(phrase)


def as_phrase(text):
    """Return `text` as a Phrase; None if it has no words.

    At its ends, a script without spaces may go on: the characters that stand alone
    there in the index are left out. A single character is the beginning of a pair.
    """
    tokens = words(text).split()
    if not tokens:
        return None
    inner = tokens[is_run(tokens[0]) : len(tokens) - is_run(tokens[-1])]
    return Phrase(tuple(inner or tokens[:1]), is_beginning=not inner, text=text)


def _leave_open(query, text):
    """The last word may be unfinished, if it is long enough to say something."""
    last = query.phrases[-1] if query.phrases else None
    if last is None or not text.rstrip().endswith(last.text) or is_run(fold(last.text)):
        return
    if len(last.tokens[-1]) >= SHORTEST_BEGINNING:
        query.phrases[-1] = Phrase(last.tokens, is_beginning=True, text=last.text)


def _persona(query, value):
    query.personas.append(value)


def _folder(query, value):
    query.folders.append(value)


def _before(query, value):
    query.before = _moment(query, "before", value) or query.before


def _after(query, value):
    query.after = _moment(query, "after", value) or query.after


def _pinned(query, value):
    if value.lower() in _YES | _NO:
        query.is_pinned = value.lower() in _YES
    else:
        _do_not_know(query, "pinned", value)


def _is(query, value):
    if value.lower() == "archived":
        query.is_archived = True
    elif value.lower() == "pinned":
        query.is_pinned = True
    else:
        _do_not_know(query, "is", value)


_OPERATORS = {
    "persona": _persona,
    "folder": _folder,
    "before": _before,
    "after": _after,
    "pinned": _pinned,
    "is": _is,
}


def _do_not_know(query, name, value):
    query.problems.append(
        _("“%(operator)s” is not understood, and was left out.")
        % {"operator": f"{name}:{value}"}
    )


def _moment(query, name, value):
    """Return the first moment of a year, a month or a day; None if it is none."""
    match = _DATE.fullmatch(value)
    try:
        if match:
            day = [int(part or 1) for part in match.groups()]
            begins = datetime(*day, tzinfo=timezone.get_current_timezone())
            return begins.astimezone(UTC)  # the first one began before there are years
    except (ValueError, OverflowError):
        pass
    query.problems.append(
        _("“%(operator)s” has no date like 2026-01-31, and was left out.")
        % {"operator": f"{name}:{value}"}
    )
    return None
