"""The fake provider with Markdown of every kind: `tests.fakes` with other words."""

import runpy

from tests import fakes_wire

SECTION = """\
## Section about rivers, *deltas* and `levees`

A river **carries** sand, and [drops it](https://example.org/sand) where it slows; \
the ~~fast~~ slow half is the interesting one, says `flow(x)`.

- the first item, with **strong** words
- the second, with `code` and *stress*
  1. nested once
  2. nested twice

| place | width in m | depth |
|---|--:|:-:|
| spring | 1.5 | low |
| bend | 12 | *middle* |
| mouth | 840 | **high** |

```python
def depth(width, flow=3.0):
    \"\"\"Return the depth in metres.\"\"\"
    return [round(flow / step, 2) for step in range(1, width)]
```

> Quoted: water finds its way.

The law is \\(v = \\frac{1}{n} R^{2/3} S^{1/2}\\), and in a line of its own

\\[ Q = A \\cdot v \\]

"""
CHARACTERS = 4  # of an everyday token


def pieces(text):
    return [text[at : at + CHARACTERS] for at in range(0, len(text), CHARACTERS)]


if __name__ == "__main__":
    fakes_wire.WORD_EVENTS[:] = [
        fakes_wire.delta_event({"content": piece}) for piece in pieces(SECTION)
    ]
    runpy.run_module("tests.fakes", run_name="__main__")
