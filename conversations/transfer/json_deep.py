"""JSON nested deeper than Python's own parser goes."""

import json
import re

_PIECE = re.compile(
    r'([{}\[\]])|("[^"\\]*+(?:\\.[^"\\]*+)*+")|([^\s,:{}\[\]"]++)', re.DOTALL
)


class Damaged(Exception):
    """This is no JSON, from here on or in this entry."""


def parse(text):
    """Return the value in `text`; raises Damaged, or ValueError, where it is no JSON.

    It does not mind a comma or a colon too few or too many.
    """
    values = _Values()
    for piece in _PIECE.finditer(text):
        bracket, quoted, bare = piece.groups()
        if bracket and bracket in "{[":
            values.open({} if bracket == "{" else [])
        elif bracket:
            values.close(bracket)
        else:
            values.put(json.loads(quoted or bare, strict=False))
    return values.root


class _Values:
    """Puts values where they belong, without calling itself."""

    def __init__(self):
        self.root = self._current = self._key = None
        self._around = []

    def open(self, value):
        self.put(value, may_be_key=False)
        self._around.append(self._current)
        self._current = value

    def close(self, bracket):
        if not self._around or isinstance(self._current, dict) != (bracket == "}"):
            raise Damaged
        self._current, self._key = self._around.pop(), None

    def put(self, value, *, may_be_key=True):
        if isinstance(self._current, list):
            self._current.append(value)
        elif self._current is None:
            self.root = value
        elif self._key is not None:
            self._current[self._key], self._key = value, None
        elif may_be_key and isinstance(value, str):
            self._key = value
        else:
            raise Damaged
