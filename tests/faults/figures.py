"""What the tests measured on their way; it stands at the end of a run."""

from collections import defaultdict
from statistics import median


class Figures:
    """`figures.note("P4 text lost", "s", 0.3, on="one process")`, shown as a table."""

    def __init__(self):
        self._values = defaultdict(list)

    def note(self, what, unit, value, *, on):
        self._values[what, unit, on].append(value)

    def lines(self):
        """Yield the table: how often, median and most of each figure."""
        if not self._values:
            return
        width = max(len(what) for what, _, _ in self._values)
        for (what, unit, on), values in sorted(self._values.items()):
            figures = (
                f"median {median(values):.3g} {unit}, most {max(values):.3g} {unit}"
            )
            yield f"{what:<{width}}  {on}: {figures} (of {len(values)})"
