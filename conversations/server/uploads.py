"""Files that people bring: larger than other requests, and never held in memory."""

import tempfile
from urllib.parse import parse_qs

from django.conf import settings

from conversations.transfer import files, uploads

# Where the page sends them; urls.py says the same, and a test that it does.
PATH = b"/transfers/import/"
# What one person may send to this process at once.
MOST_AT_ONCE = 2

_open = {}  # whose each body is that has come, or is still on its way


def owner_of(method, address):
    """Return the pk of the person whom the site gave a key to bring a file.

    None for every other request.
    """
    path, _, query = address.partition(b"?")
    if method != b"POST" or path != PATH:
        return None
    key = parse_qs(query.decode("ascii", "replace")).get("key", [""])[0]
    return uploads.owner_of(key)


def most_bytes(owner):
    """Return how large the body of a request may be."""
    if owner is None:
        return settings.HTTP_MAX_BODY_BYTES
    return settings.TRANSFER_MAX_BYTES + uploads.FORM_BYTES


def are_too_many(owner):
    """Whether that person sends enough already."""
    return list(_open.values()).count(owner) >= MOST_AT_ONCE


def begin(owner):
    """Return a file without a name for a body, beside those of the transfers.

    Not where other temporary files are: that may be memory.
    """
    body = tempfile.TemporaryFile(dir=files.folder())  # noqa: SIM115
    _open[body] = owner
    return body


def end(body):
    """The request is over. Whoever still reads it may go on."""
    _open.pop(body, None)
