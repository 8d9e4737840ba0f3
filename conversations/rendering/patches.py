"""Patches of growing HTML: `[segment, keep, suffix]` and `[count]`.

`keep` counts UTF-16 code units, as browsers do: an emoji is two of them.
"""


def apply_ops(segments: list[str], ops: list[list]) -> list[str]:
    """Return the segments' HTML after `ops`: what a browser does with them.

    Raises IndexError when a patch is for a segment that does not follow on.
    """
    segments = list(segments)
    for op in ops:
        if len(op) == 1:
            del segments[op[0] :]
            continue
        index, keep, suffix = op
        if index == len(segments):
            segments.append("")
        kept = segments[index].encode("utf-16-le")[: 2 * keep].decode("utf-16-le")
        segments[index] = kept + suffix
    return segments


def difference(old: list[str], new: list[str], same: int) -> list[list]:
    """Return the patches from `old` to `new`, whose first `same` segments are equal."""
    ops = []
    for index in range(same, len(new)):
        if index >= len(old):
            ops.append([index, 0, new[index]])
        elif old[index] != new[index]:
            kept = _common_length(old[index], new[index])
            units = _utf16_length(new[index][:kept])
            ops.append([index, units, new[index][kept:]])
    if len(new) < len(old):
        ops.append([len(new)])
    return ops


def _common_length(old: str, new: str) -> int:
    """Return how many characters `old` and `new` share at their start."""
    low, high = 0, min(len(old), len(new))
    if old[:high] == new[:high]:
        return high
    while low < high:  # by halves, for comparing slices is fast
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _utf16_length(text: str) -> int:
    """Return the length of `text` as browsers count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
