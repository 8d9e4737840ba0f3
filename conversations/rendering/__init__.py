"""Markdown to safe HTML, whole or while it is being written: the only renderer.

Pure: it knows no rows, no requests and no language. Words that it adds for screen
readers are signs every language shares, because its HTML is stored and read by many.

Modules: `source` cleans the text and weighs it, `markdown` calls the parser, `markup`,
`code` and `formulas` finish its HTML, `safety` checks it, `whole` makes what is stored
and `growing` what is being written, in `patches`. `pieces` cuts a long text.

The libraries are loaded with the first text that needs them: a site that starts, or
where nobody is, does without their 4 MB.
"""

from .code import highlight
from .formulas import to_mathml
from .growing import GrowingRender
from .patches import apply_ops
from .pieces import piece_of, place_around
from .source import clean
from .whole import plain_text, render

# Raise it when the same text gives other HTML: stored HTML carries the number.
VERSION = 4


def forget():
    """Let go of the code and the formulas that are kept in case they come again."""
    highlight.cache_clear()
    to_mathml.cache_clear()


__all__ = [
    "VERSION",
    "GrowingRender",
    "apply_ops",
    "clean",
    "forget",
    "piece_of",
    "place_around",
    "plain_text",
    "render",
]
