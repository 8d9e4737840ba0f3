"""Answers that are sent as they are made, and never held as a whole."""

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

# A step into the thread that makes them costs as much as making a few.
PIECE_BYTES = 65_536


class StreamedResponse(StreamingHttpResponse):
    """Sends `parts`, text or bytes, in the language and time zone of the request.

    Django would collect all of them before it sends the first.
    """

    def __init__(self, parts, **options):
        super().__init__(_pieces(parts), **options)

    async def __aiter__(self):
        pieces = iter(self.streaming_content)
        while (piece := await sync_to_async(next)(pieces, None)) is not None:
            yield piece


def attach(response, file_name):
    """Have `response` saved as a file of that name, whatever is in it."""
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def file_pieces(path):
    """Yield the bytes of a file; it may be removed meanwhile."""
    with open(path, "rb") as file:
        while piece := file.read(4 * PIECE_BYTES):
            yield piece


def _pieces(parts):
    language, zone = translation.get_language(), timezone.get_current_timezone()
    return _gathered(iter(parts), language, zone)


def _gathered(parts, language, zone):
    while True:
        with translation.override(language), timezone.override(zone):
            piece = _gather(parts)
        if not piece:
            return
        yield piece


def _gather(parts):
    found, size = [], 0
    for part in parts:
        found.append(part if isinstance(part, bytes) else part.encode())
        size += len(found[-1])
        if size >= PIECE_BYTES:
            break
    return b"".join(found)
