"""Requests to the site itself, from this machine: as a browser would make them."""

import base64
import hashlib
import json
import secrets
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

# How long the site may take to answer; longer, and it does not.
PATIENCE_SECONDS = 3.0
FAILURES = (OSError, HTTPException, ValueError)
MOST_BYTES = 65_536

# Everybody may knock here; who is not signed in is told so once the socket is open.
SOCKET = "/ws/me/"
SWITCHING_PROTOCOLS = 101
# RFC 6455: what the answer's key is made with.
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def own_address():
    """Return where this machine reaches the process itself, without any proxy."""
    host = settings.HOST
    if host in ("", "0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"


def site_origin():
    """Return SITE_URL without its path."""
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def handshake(address, origin):
    """Ask for a WebSocket at `address` for a page of `origin`; return the status.

    101 only where the answer is that of a WebSocket server. Raises FAILURES.
    """
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        "Origin": origin,
    }
    with closing(_connection(address)) as connection:
        connection.request("GET", SOCKET, headers=headers)
        answer = connection.getresponse()
        if answer.status != SWITCHING_PROTOCOLS:
            return answer.status
        digest = hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()
        if (
            answer.getheader("Sec-WebSocket-Accept")
            != base64.b64encode(digest).decode()
        ):
            raise HTTPException("not the answer of a WebSocket server")
        return SWITCHING_PROTOCOLS


def fetch(address, path, headers):
    """Return `(status, JSON)` of one GET, not followed; raises FAILURES."""
    with closing(_connection(address)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read(MOST_BYTES)
    return answer.status, json.loads(body) if answer.status == 200 else None


def _connection(address):
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname, parts.port, timeout=PATIENCE_SECONDS)
