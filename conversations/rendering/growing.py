"""A reply while it is being written: its HTML as small patches.

The source is cut into stretches. A stretch is committed, never to be rendered again,
once no later text can change its HTML; what follows is the tail. A definition of a link
or a footnote changes text before it, so a reply with one stays a single tail.
"""

import re

from .markdown import to_blocks, to_html
from .markup import finish
from .patches import difference
from .safety import plain_block, plain_blocks, plain_cut
from .source import SENTINEL, WEIGHT_LIMIT, clean, weigh
from .whole import LONGEST_HTML

# A blank line, then a whole line that is neither indented nor an item: more of a list
# may follow a blank line.
_BOUNDARY = re.compile(
    r"\n[ \t]*\n(?=(?!(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$))\S[^\n]*\n)", re.MULTILINE
)
_DEFINITION = re.compile(r"^[ \t>*+\-\d.)]*\[(?:\\.|[^\[\]\\]){1,999}\]:", re.MULTILINE)
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*$", re.MULTILINE)
_CODE_AT_END = re.compile(r"</code></pre>(?:\s*</(?:li|ul|ol|blockquote|div)>)*\s*$")


class GrowingRender:
    """Renders a reply as it grows.

    Whatever pieces the text arrives in, the segments after `finish()` add up to
    `finished_html(text)`. Streamed HTML is not sanitised again: it is made of escaped
    text and of tags of our own only, and `render()` sanitises what is stored.
    """

    def __init__(self, *, prefix: str = "", text: str = ""):
        self._prefix = prefix
        self._held = ""  # half of a line end or of a surrogate pair
        self._stretches = []  # committed source …
        self._committed = []  # … its HTML, by block …
        self._committed_length = 0  # … the characters of that …
        self._weight = 0  # … the weight of the source …
        self._outline = []  # … and its open headings
        self._tail = ""
        self._flushed_tail = 0  # its length after the last flush
        self._scanned = 0  # how far the tail was searched for a boundary
        self._in_code = False  # the tail was seen to be in an open fence
        self._keeps_tail = False  # there are definitions: commit nothing
        self._is_plain = False  # too costly: shown as it was typed
        self._finished_blocks = {}  # the tail's blocks of the last flush
        self._sent = []
        self._sent_committed = 0
        self.feed(text)

    @property
    def text(self) -> str:
        """The source so far, cleaned, with "\\n" for every line end."""
        return "".join(self._stretches) + self._tail

    @property
    def segments(self) -> list[str]:
        """The HTML of each segment, as last flushed."""
        return list(self._sent)

    @property
    def tail_size(self) -> int:
        """The characters each flush renders once more; flush less often above 16 KB.

        What came since the last flush is rendered once in any case, however late.
        """
        return self._flushed_tail

    def feed(self, text: str) -> None:
        """Add `text` to the end of the source; shown by the next flush."""
        text = self._held + text
        self._held = ""
        if text and (text[-1] == "\r" or "\ud800" <= text[-1] <= "\udbff"):
            self._held = text[-1]
            text = text[:-1]
        self._tail += clean(text)

    def flush(self) -> list[list]:
        """Return the patches since the last flush, [] when nothing changed.

        `[segment, keep, suffix]`: keep that many UTF-16 code units of the segment and
        put `suffix` after them; `[count]`: drop all segments from `count` on.
        """
        return self._patch(is_final=False)

    def finish(self) -> list[list]:
        """Return the last patches, now that no more text will come."""
        self._tail += clean(self._held)
        self._held = ""
        return self._patch(is_final=True)

    def _patch(self, *, is_final: bool) -> list[list]:
        segments = None if self._is_plain else self._segments(is_final=is_final)
        if segments is None:
            if not self._is_plain:
                self._start_over(is_plain=True)
            segments = self._plain_segments()
        ops = difference(self._sent, segments, self._sent_committed)
        self._sent = segments
        self._sent_committed = len(self._committed)
        self._flushed_tail = len(self._tail)
        return ops

    def _start_over(self, *, is_plain: bool) -> None:
        """Take back what was committed: it will be rendered in another way."""
        self._tail = self.text
        self._stretches, self._committed, self._outline = [], [], []
        self._committed_length = self._weight = self._sent_committed = 0
        self._keeps_tail = True
        self._is_plain = is_plain

    def _segments(self, *, is_final: bool) -> list[str] | None:
        """Return the HTML by segment; None when it costs too much to go on."""
        if self._weight + weigh(self._tail) > WEIGHT_LIMIT:
            return None
        if not self._keeps_tail:
            if "]:" in self._tail and _DEFINITION.search(self._tail):
                self._start_over(is_plain=False)
            else:
                self._commit()
        tail = self._tail_blocks(is_final=is_final)
        if self._committed_length + sum(map(len, tail)) > LONGEST_HTML:
            return None
        return self._committed + tail

    def _commit(self) -> None:
        """Commit every stretch at the start of the tail that is closed."""
        start, position = 0, self._scanned
        while True:
            if self._in_code:
                fence = _FENCE.search(self._tail, position)
                if fence is None:
                    position = self._tail.rfind("\n") + 1
                    break
                self._in_code = False
                position = fence.end()
            boundary = _BOUNDARY.search(self._tail, position)
            if boundary is None:
                break
            position = boundary.end()
            if self._commit_stretch(self._tail[start:position]):
                start = position
        self._tail = self._tail[start:]
        self._scanned = max(position - start, 0)

    def _commit_stretch(self, stretch: str) -> bool:
        """Commit `stretch` if a paragraph after it would stand on its own."""
        blocks = to_blocks(stretch + SENTINEL + "\n")
        if not blocks or blocks.pop() != f"<p>{SENTINEL}</p>\n":
            html = to_html(stretch + SENTINEL + "\n")
            self._in_code = html.endswith(f"{SENTINEL}\n</code></pre>\n")
            return False
        finished = [
            finish(block, self._outline, prefix=self._prefix) for block in blocks
        ]
        self._stretches.append(stretch)
        self._committed += finished
        self._committed_length += sum(map(len, finished))
        self._weight += weigh(stretch)
        return True

    def _tail_blocks(self, *, is_final: bool) -> list[str]:
        """Return the tail's HTML by block; only changed blocks are finished anew."""
        blocks = to_blocks(self._tail) if self._tail else []
        outline = list(self._outline)
        known, self._finished_blocks = self._finished_blocks, {}
        finished = []
        for block in blocks[:-1]:
            key = (block, *outline)
            if key not in known:
                known[key] = finish(block, outline, prefix=self._prefix), list(outline)
            html, outline = known[key][0], list(known[key][1])
            self._finished_blocks[key] = known[key]
            finished.append(html)
        if blocks:
            is_open = not is_final and self._ends_in_code(blocks[-1])
            last = finish(blocks[-1], outline, prefix=self._prefix, is_open=is_open)
            finished.append(last)
        return finished

    def _ends_in_code(self, block: str) -> bool:
        """Tell whether the code at the end of the tail may still grow."""
        if "</code></pre>" not in block or not _CODE_AT_END.search(block):
            return False
        source = self._tail.rstrip()
        return not _FENCE.match(source, source.rfind("\n") + 1)

    def _plain_segments(self) -> list[str]:
        start = 0
        while end := plain_cut(self._tail, start):
            stretch = self._tail[start:end]
            self._stretches.append(stretch)
            self._committed.append(plain_block(stretch))
            start = end
        self._tail = self._tail[start:]
        return self._committed + plain_blocks(self._tail)
