"""JSON of any size, read entry by entry.

The brackets of the file are followed without parsing it, so that an entry that is
damaged, too large or too deep is left out and the next one is read. In memory is one
entry at a time.
"""

import codecs
import json
import re
from dataclasses import dataclass

from . import json_deep
from .json_deep import Damaged

CHUNK_BYTES = 262_144
# What the parser of the standard library takes without meeting its own limit.
_SHALLOW = 200
# Lists of entries stand in these fields of an object around them.
_LISTS = ("conversations", "chats")
# So much of what is too large is kept, for its title.
_BEGINNING = 4096
# A pair of brackets is three characters of a file, and a hundred bytes in memory.
_MOST_BRACKETS = 1_000_000

_TO_BRACKET = re.compile(
    r'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+', re.DOTALL
)
_TO_QUOTE = re.compile(r"[^\"\\]*+(?:\\.[^\"\\]*+)*+", re.DOTALL)
_TO_VALUE = re.compile(r"[\s,:]*+")
_BARE = re.compile(r"[^\s,:{}\[\]\"]*+")


@dataclass(frozen=True, slots=True)
class Source:
    """One value of the file, as it stands there.

    `text` of one that `is_too_large` is its beginning; `depth` counts brackets.
    """

    text: str
    depth: int = 0
    is_too_large: bool = False


def entries(chunks, *, longest):
    """Yield a Source for each entry in `chunks` of bytes, at most `longest` characters.

    They stand in a list, in a list in an object, one after the other, or alone. Raises
    Damaged where the file breaks off, or is no JSON: what came before was good.
    """
    scanner = _Scanner(_decoded(chunks), longest)
    first = scanner.peek()
    if first not in ("{", "["):
        raise Damaged
    while first := scanner.peek():
        if first == "[":
            scanner.skip()
            yield from _items(scanner)
        elif first == "{":
            yield from _object(scanner)
        else:
            raise Damaged


def parse(source, *, deepest):
    """Return the value of a Source; raises Damaged when it is no JSON or too deep."""
    if source.depth > deepest:
        raise Damaged
    try:
        if source.depth <= _SHALLOW:
            return json.loads(source.text, strict=False)
        return json_deep.parse(source.text)
    except (ValueError, RecursionError):
        raise Damaged from None


def _items(scanner):
    while (first := scanner.peek()) != "]":
        if not first:
            raise Damaged
        yield scanner.value()
    scanner.skip()


def _object(scanner):
    """Yield what is in the lists of an object, or the object itself without any."""
    scanner.skip()
    members, size, depth, is_list = [], 0, 0, False
    while (first := scanner.peek()) != "}":
        if first != '"':
            raise Damaged
        key = scanner.value().text
        first = scanner.peek()
        if first in ("", "}", "]"):
            raise Damaged
        if first == "[" and key.strip('"') in _LISTS:
            is_list = True
            scanner.skip()
            yield from _items(scanner)
            continue
        value = scanner.value()
        size += len(key) + len(value.text)
        depth = max(depth, value.depth)
        if value.is_too_large or size > scanner.longest:
            size = scanner.longest + 1
        else:
            members.append(f"{key}:{value.text}")
    scanner.skip()
    if not is_list:
        text = "{" + ",".join(members) + "}"
        yield Source(text, depth + 1, is_too_large=size > scanner.longest)


def _decoded(chunks):
    """Yield the text of `chunks`: UTF-8, or UTF-16 where its mark says so."""
    decoder = None
    for chunk in chunks:
        if decoder is None:
            is_wide = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            name = "utf-16" if is_wide else "utf-8-sig"
            decoder = codecs.getincrementaldecoder(name)(errors="replace")
        if text := decoder.decode(chunk):
            yield text


class _Scanner:
    """Walks over the values of a text that comes in chunks."""

    def __init__(self, chunks, longest):
        self.longest = longest
        self._chunks = iter(chunks)
        self._text, self._at = "", 0

    def peek(self):
        """Return the first character of the next value or bracket, "" at the end."""
        while True:
            self._at = _TO_VALUE.match(self._text, self._at).end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._next():
                return ""

    def skip(self):
        self._at += 1

    def value(self):
        """Take the next value, which `peek` has found; return it as a Source."""
        first = self._text[self._at]
        taken = _Taken(self.longest)
        if first in "{[":
            depth = self._take_brackets(taken)
        else:
            depth = 0
            if first == '"':
                self._at += 1
                taken.add('"')
                self._take_string(taken)
            elif first in "}]":
                raise Damaged
            else:
                self._take_bare(taken)
        return Source(taken.text, depth, taken.is_too_large)

    def _next(self):
        self._text, self._at = next(self._chunks, ""), 0
        return bool(self._text)

    def _take_brackets(self, taken):
        """Take all up to the bracket that closes the first; return how deep it goes."""
        depth = deepest = opened = 0
        while True:
            start = at = self._at
            text, end = self._text, len(self._text)
            while (at := _TO_BRACKET.match(text, at).end()) < end and text[at] != '"':
                if text[at] in "{[":
                    opened += 1
                    depth += 1
                    deepest = max(depth, deepest)
                else:
                    depth -= 1
                at += 1
                if not depth:
                    break
            if opened > _MOST_BRACKETS:
                taken.is_too_large = True
            is_string = depth > 0 and at < end  # one that goes on in the next chunk
            self._at = at + is_string
            taken.add(text[start : self._at])
            if not depth:
                return deepest
            if is_string:
                self._take_string(taken)
            else:
                self._go_on()

    def _take_string(self, taken):
        """Take the rest of a string, with the quote at its end."""
        while True:
            at = _TO_QUOTE.match(self._text, self._at).end()
            if at < len(self._text) and self._text[at] == '"':
                taken.add(self._text[self._at : at + 1])
                self._at = at + 1
                return
            taken.add(self._text[self._at :])
            is_cut = at < len(self._text)  # after a backslash
            self._go_on()
            if is_cut:
                taken.add(self._text[0])
                self._at = 1

    def _take_bare(self, taken):
        while True:
            at = _BARE.match(self._text, self._at).end()
            taken.add(self._text[self._at : at])
            self._at = at
            if at < len(self._text) or not self._next():
                return

    def _go_on(self):
        if not self._next():
            raise Damaged


class _Taken:
    """The pieces of a value; of one that is too large, its beginning."""

    def __init__(self, longest):
        self.is_too_large = False
        self._parts, self._size, self._longest = [], 0, longest

    @property
    def text(self):
        return "".join(self._parts)

    def add(self, piece):
        self._parts.append(piece)
        self._size += len(piece)
        if self.is_too_large or self._size > self._longest:
            self.is_too_large = True
            self._parts = ["".join(self._parts)[:_BEGINNING]]
