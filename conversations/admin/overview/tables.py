"""What the first page shows: cells in rows, and where each leads."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conversations.models.budgets import shown_money

# So many rows stand on the page; CSV has them all.
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. `value` is what CSV has; `share` of 100 draws a bar beside it."""

    text: str
    value: object
    url: str = ""
    share: int | None = None
    is_number: bool = True


@dataclass(slots=True)
class Table:
    """`rows` are lists of Cells, one for each of `columns`; the first names the row."""

    name: str
    title: str
    columns: list[str]
    rows: list[list[Cell]]
    empty: str
    note: str = ""
    plot: object = None
    url: str = ""  # all its rows

    @property
    def is_empty(self):
        return self.plot.is_empty if self.plot else not self.rows

    @property
    def shown(self):
        return self.rows[:MOST_SHOWN]

    @property
    def hidden(self):
        """How many rows are not on the page."""
        return len(self.rows) - len(self.shown)


@dataclass(slots=True)
class Figure:
    """One number of the line at the top."""

    label: str
    text: str
    url: str = ""
    note: str = ""
    is_bad: bool = False


@dataclass(slots=True)
class Sum:
    """What calls of models took together; a price may be unknown."""

    calls: int = 0
    micros: int = 0
    unknown: int = 0
    tokens: int = 0

    def add(self, other):
        self.calls += other.calls
        self.micros += other.micros
        self.unknown += other.unknown
        self.tokens += other.tokens

    @property
    def money(self):
        """What it cost, in words: what is unknown is never left out, nor free."""
        if not self.unknown:
            return shown_money(self.micros)
        if self.unknown == self.calls:
            return _("unknown")
        return _("%(money)s or more") % {"money": shown_money(self.micros)}

    @property
    def amount(self):
        """The same as a number; "" where nothing of it is known."""
        return micros(self.micros) if self.is_known else ""

    @property
    def is_known(self):
        """Whether there is something to tell: of no call at all, too, it is nothing."""
        return not self.unknown or self.unknown < self.calls


@dataclass(slots=True)
class Sums:
    """A Sum for each of many, by their pk."""

    by_pk: dict = field(default_factory=dict)

    def add(self, pk, sum_):
        self.by_pk.setdefault(pk, Sum()).add(sum_)


def micros(value):
    """Return millionths as a decimal number that a spreadsheet reads."""
    return f"{value / 1_000_000:.6f}"


def count(number):
    return number_format(number, force_grouping=True)


def named(text, url=""):
    """Return the Cell that begins a row."""
    return Cell(text, text, url, is_number=False)


def number(value, url="", share=None):
    return Cell(count(value), value, url, share)


def money(sum_, share=None):
    return Cell(sum_.money, sum_.amount, share=share)


def rows_at(model, /, **query):
    """Return the address of the list of `model` with that filter; "" has none."""
    try:
        address = reverse(f"admin:conversations_{model}_changelist")
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def page_of(model, pk):
    try:
        return reverse(f"admin:conversations_{model}_change", args=[pk])
    except NoReverseMatch:
        return ""
