"""Somebody who is signed in and asks the site by plain HTTP."""

import time
import urllib.error
import urllib.request

from tests.patience import PATIENCE_SECONDS

CSRF = "c" * 32


class Person:
    def __init__(self, site, database, name):
        self.site, self.database = site, database
        self.username = database.add_user(name)
        self._cookie = (
            f"sessionid={database.session_of(self.username)}; csrftoken={CSRF}"
        )

    def ask(self, path, data=None, **headers):
        """Return `(status, headers, body)`; `data` makes it a POST."""
        headers |= {"Cookie": self._cookie, "X-CSRFToken": CSRF}
        headers["Origin"] = self.site.url
        request = urllib.request.Request(self.site.url + path, data, headers)
        opener = urllib.request.build_opener(NoRedirects)
        try:
            with opener.open(request, timeout=PATIENCE_SECONDS) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def upload(self, words, *, key=None):
        """Send a file as the form does; return the status."""
        key = self.database.upload_key(self.username) if key is None else key
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="chats.zip"'
            b"\r\nContent-Type: application/zip\r\n\r\n%b\r\n--x--\r\n" % words
        )
        path = f"/transfers/import/?key={key}"
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        return self.ask(path, body, **kind)[0]

    def transfers(self):
        return self.database.transfers_of(self.username)

    def until(self, reached, patience_seconds=PATIENCE_SECONDS):
        """Wait until `reached(newest transfer)`; return that transfer."""
        last = time.monotonic() + patience_seconds
        while time.monotonic() < last:
            newest = self.transfers()[0]
            if reached(newest):
                return newest
        raise AssertionError(f"{self.transfers()}\n{self.site.tail()}")


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None
