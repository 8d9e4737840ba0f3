"""What a benchmark returns, and how figures become words."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Figure:
    """Ours beside the control, one value for each part of the row.

    `None` stands for what could not be measured here. `stack` is the key of one of
    stacks.STACKS where the row is measured on each.
    """

    row: str
    ours: tuple
    control: tuple = ()
    note: str = ""
    stack: str = ""

    @property
    def ratios(self):
        pairs = zip(self.ours, self.control, strict=False)
        return tuple(
            ours / control if ours and control else None for ours, control in pairs
        )


def p50(values):
    return percentile(values, 50)


def p95(values):
    return percentile(values, 95)


def percentile(values, percent):
    """Return the smallest value that `percent` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spell(value):
    """Write a value in as many digits as it is good for."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def join(values, unit=""):
    return " / ".join(f"{spell(value)}{unit}" for value in values) or "—"
