"""What the site itself asks a provider, with limits. Each call goes this way."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from .addresses import is_safe

CONNECT_SECONDS, GAP_SECONDS, TOTAL_SECONDS = 5, 5, 10
MOST_BYTES = 1024**2
PIECE_BYTES = 16_384


class Session(requests.Session):
    """Goes only where secrets may go, follows no redirect, and waits some seconds.

    Raises requests.RequestException where a provider wants it otherwise, or is broken.
    """

    def __init__(self):
        super().__init__()
        self.trust_env = False  # no proxy, no password of the machine
        self._lines = _Lines()
        for scheme in ("https://", "http://"):
            self.mount(scheme, self._lines)

    def request(self, method, url, **how):
        if not is_safe(url):
            raise requests.exceptions.InvalidURL("neither https nor this machine")
        deadline = time.monotonic() + TOTAL_SECONDS
        how |= {
            "timeout": (CONNECT_SECONDS, GAP_SECONDS),
            "allow_redirects": False,
            "stream": True,
        }
        try:
            with self._lines.until(deadline), super().request(method, url, **how) as r:
                if r.is_redirect:
                    raise requests.exceptions.TooManyRedirects("a redirect")
                r._content = b"".join(_pieces(r))
                r._content_consumed = True
        except (HTTPError, OSError, ValueError) as error:
            if time.monotonic() < deadline:
                if isinstance(error, requests.RequestException):
                    raise
                raise requests.exceptions.ConnectionError("broken") from error
        if time.monotonic() < deadline:
            return r
        raise requests.exceptions.ReadTimeout("too slow an answer")


def _pieces(response):
    """Yield the body as it comes, up to a size."""
    size = 0
    while piece := response.raw.read1(PIECE_BYTES, decode_content=True):
        size += len(piece)
        if size > MOST_BYTES:
            raise requests.exceptions.ContentDecodingError("too long an answer")
        yield piece


class _Lines(HTTPAdapter):
    """Connections that are hung up in time, whatever comes: headers may have no end.

    What waits for them waits for each piece anew.
    """

    def __init__(self):
        super().__init__()
        self._is_over, self._ends = False, []

    def init_poolmanager(self, *sizes, **how):
        super().init_poolmanager(*sizes, **how)
        pools = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {
            scheme: self._watched(pool) for scheme, pool in pools.items()
        }

    def _watched(self, pool):
        lines = self

        class Line(pool.ConnectionCls):
            def _new_conn(self):
                opened = super()._new_conn()
                lines._watch(opened)
                return opened

        return type("Lines", (pool,), {"ConnectionCls": Line})

    @contextmanager
    def until(self, deadline):
        """Hang up at `deadline`, a time of the monotonic clock."""
        timer = threading.Timer(deadline - time.monotonic(), self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            while self._ends:
                self._ends.pop().close()

    def _watch(self, opened):
        self._ends.append(opened.dup())  # TLS takes the other for itself
        if self._is_over:
            self._hang_up()

    def _hang_up(self):
        self._is_over = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
