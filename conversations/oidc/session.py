"""What the site itself asks a provider, with limits. Each call goes this way."""

import time

import requests

from .addresses import is_safe

CONNECT_SECONDS, GAP_SECONDS, TOTAL_SECONDS = 5, 5, 10
MOST_BYTES = 1024**2
PIECE_BYTES = 16_384


class Session(requests.Session):
    """Goes only where secrets may go, follows no redirect, and waits some seconds.

    Raises requests.RequestException where a provider wants it otherwise.
    """

    def __init__(self):
        super().__init__()
        self.trust_env = False  # no proxy, no password of the machine

    def request(self, method, url, **how):
        if not is_safe(url):
            raise requests.exceptions.InvalidURL("neither https nor this machine")
        deadline = time.monotonic() + TOTAL_SECONDS
        how |= {
            "timeout": (CONNECT_SECONDS, GAP_SECONDS),
            "allow_redirects": False,
            "stream": True,
        }
        with super().request(method, url, **how) as response:
            if response.is_redirect:
                raise requests.exceptions.TooManyRedirects("a redirect")
            response._content = b"".join(_pieces(response, deadline))
            response._content_consumed = True
        return response


def _pieces(response, deadline):
    """Yield the body as it comes, up to a size and a time."""
    size = 0
    while piece := response.raw.read1(PIECE_BYTES, decode_content=True):
        size += len(piece)
        if size > MOST_BYTES:
            raise requests.exceptions.ContentDecodingError("too long an answer")
        if time.monotonic() > deadline:
            raise requests.exceptions.ReadTimeout("too slow an answer")
        yield piece
