"""Bytes of a streamed body → the JSON of its events, within size limits."""

import json
from collections.abc import Iterable, Iterator

from django.conf import settings

from .errors import ProviderError

FIELD_NAMES = (b"data:", b"event:", b"id:", b"retry:", b":")
LONGEST_FIELD_NAME = 6


class EventParser:
    """Feed it the body in any pieces; it yields each event's JSON object.

    A server that answers a whole completion at once, as one JSON object, is
    understood too. Raises ProviderError for what is neither, for JSON that is none
    and for lines and bodies over their limits.
    """

    def __init__(self):
        self.done = False  # the stream said that it is complete
        self._max_line_bytes = settings.OPENAI_MAX_LINE_BYTES
        self._max_body_bytes = settings.OPENAI_MAX_BODY_BYTES
        self._rest = b""
        self._size = 0
        self._is_stream = None  # None until the first bytes told
        self._unfinished = b""  # of an event whose JSON takes several lines

    def feed(self, data: bytes) -> Iterator[dict]:
        self._size += len(data)
        if self._size > self._max_body_bytes:
            raise ProviderError("too_big")
        self._rest += data
        if self._is_stream is None:
            self._is_stream = _is_stream(self._rest)
            if self._is_stream is False:
                self._rest = bytearray(self._rest)  # grows without being copied
        if not self._is_stream:
            return
        *lines, self._rest = self._rest.split(b"\n")
        yield from self._events(lines)
        if len(self._rest) > self._max_line_bytes:
            raise ProviderError("too_big")

    def end(self) -> Iterator[dict]:
        """Yield what the end of the body completes."""
        if self._is_stream:
            # A last line without its line break, unless it was cut in the middle.
            yield from self._events([self._rest])
        elif self._rest.strip():
            answer = _decode(self._rest)
            if answer is None or not answer.keys() & {"choices", "error"}:
                raise ProviderError("not_an_api")
            yield answer

    def _events(self, lines: Iterable[bytes]):
        for line in lines:
            if line[:5] != b"data:":
                if self._unfinished and not line.strip():
                    raise ProviderError("malformed")
                continue
            payload = line[5:].strip()
            if payload == b"[DONE]":
                self.done = True
                return
            if self._unfinished:
                payload = self._unfinished + b"\n" + payload
            event = _decode(payload)
            if event is not None:
                self._unfinished = b""
                yield event
            elif len(payload) <= self._max_line_bytes:
                self._unfinished = payload
            else:
                raise ProviderError("too_big")


def _is_stream(start):
    """Tell a stream from a JSON object by its first bytes; None needs more of them."""
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(FIELD_NAMES):
        return True
    if start.startswith(b"{"):
        return False
    if len(start) < LONGEST_FIELD_NAME and b"\n" not in start:
        return None
    raise ProviderError("not_an_api")


def _decode(payload):
    """Return the JSON object, or None for what is not (yet) JSON.

    Bytes that are no UTF-8 become U+FFFD: the rest of the text is worth keeping.
    """
    try:
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            text = payload.decode("utf-8", "replace")
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict):
        raise ProviderError("malformed")
    return event
