"""Bars, drawn on the server: shapes alone. Words and colours are the page's."""

from dataclasses import dataclass

# As drawn; the page stretches them to the room there is.
WIDTH, HEIGHT = 600, 100
LEAST_HEIGHT = 1.5  # what is more than nothing is seen
GAP = 0.25  # of a bar's place


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar; `kind` is how it looks: whole, failed or unknown."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    pieces: list[Piece]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """`most` says how much the top is, `first` and `last` what the ends are."""

    title: str
    bars: list[Bar]
    most: str
    first: str
    last: str

    view_box = f"0 0 {WIDTH} {HEIGHT}"

    @property
    def is_empty(self):
        return not any(bar.pieces for bar in self.bars)


def draw(values, *, title, most, first, last):
    """Return a Plot of `(label, url, {kind: amount})`, from the ground up.

    `most(amount)` says an amount in words.
    """
    top = max((sum(parts.values()) for _label, _url, parts in values), default=0)
    place = WIDTH / max(len(values), 1)
    bars = [
        Bar(label, list(_pieces(parts, n * place, place, top)), url)
        for n, (label, url, parts) in enumerate(values)
    ]
    return Plot(title, bars, most(top), first, last)


def _pieces(parts, x, place, top):
    ground = HEIGHT
    for kind, amount in parts.items():
        if amount > 0:
            height = max(amount / top * HEIGHT, LEAST_HEIGHT)
            ground = max(ground - height, 0)
            yield Piece(
                kind,
                round(x + place * GAP / 2, 2),
                round(ground, 2),
                round(place * (1 - GAP), 2),
                round(height, 2),
            )
