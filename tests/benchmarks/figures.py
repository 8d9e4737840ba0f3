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
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.2g}"


def join(values, unit=""):
    spelled = (spell(v) if v is None else f"{spell(v)}{unit}" for v in values)
    return " / ".join(spelled) or "—"
