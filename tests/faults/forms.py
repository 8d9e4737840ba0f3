"""Every form of a site, found by following its links, and sent with anything in it."""

import http.client
import re
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from tests.parsed_html import ParsedHTML
from tests.patience import PATIENCE_SECONDS

TOKEN = "c" * 32  # the site's secret of a visitor, against forged forms
FIELDS = ("input", "textarea", "select", "button")
NUMBER = re.compile(r"\d+|[0-9a-f-]{36}")
BOUNDARY = "between-the-parts"


@dataclass(frozen=True)
class Form:
    path: str
    method: str
    fields: tuple  # (name, value as it was found)
    has_files: bool

    @property
    def kind(self):
        """What it is a form of, whichever row it stands for, on whichever page."""
        return self.method, NUMBER.sub("1", self.path)

    def filled(self, rng, odd, *, one=False):
        """Return its pairs with some of `odd` in all its fields, or in one of them."""
        names = [name for name, _ in self.fields]
        chosen = {rng.choice(names)} if one else set(names)
        return [(n, rng.choice(odd) if n in chosen else v) for n, v in self.fields]


class Visitor:
    """Whoever is signed in as `session`, by plain HTTP."""

    def __init__(self, site, session):
        self._site, self.session = site, session

    def ask(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        """Return `(status, type, page)`; redirects are not followed."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._site.port, timeout=PATIENCE_SECONDS
        )
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "Origin": self._site.url,
            "X-CSRFToken": TOKEN,
            "Content-Type": kind,
        }
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode("utf-8", "replace")
            return answer.status, answer.headers.get("Content-Type", ""), page
        finally:
            connection.close()

    def send(self, form, values):
        """Send `form` with `values`: pairs of names and what to put there."""
        if form.method == "GET":
            return self.ask("GET", f"{form.path}?{_encoded(values)}")
        if form.has_files:
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            return self.ask("POST", form.path, _parts(_signed(values)), kind)
        return self.post(form.path, values)

    def post(self, path, values):
        return self.ask("POST", path, _encoded(_signed(values)))

    def find_forms(self, start=("/", "/admin/", "/accounts/email/"), most_pages=120):
        """Follow the links of `start`; return a Form of each kind there is."""
        waiting, seen, found = deque(start), set(), {}
        while waiting and len(seen) < most_pages:
            path = waiting.popleft()
            if NUMBER.sub("1", path) in seen:
                continue
            seen.add(NUMBER.sub("1", path))
            status, kind, page = self.ask("GET", path)
            assert status < 500, f"{path}: {status}"
            if kind.startswith("text/html"):
                tags = ParsedHTML(page).tags
                for form in _forms(path, tags):
                    found.setdefault(form.kind, form)
                waiting.extend(_links(path, tags))
        return list(found.values())


def _links(path, tags):
    for tag, attributes in tags:
        target = urlsplit(urljoin(path, attributes.get("href", "")))
        if tag == "a" and not target.netloc and not target.path.startswith("/static/"):
            yield target.path


def _forms(path, tags):
    """Yield the forms of a page; its fields need not stand within them."""
    everything = [
        (a["name"], a.get("value", ""))
        for t, a in tags
        if t in FIELDS and a.get("name")
    ]
    for tag, attributes in tags:
        if tag == "form":
            yield Form(
                path=urlsplit(urljoin(path, attributes.get("action", ""))).path,
                method=attributes.get("method", "get").upper(),
                fields=tuple(dict.fromkeys(everything)),
                has_files="multipart" in attributes.get("enctype", ""),
            )


def _signed(values):
    return [*values, ("csrfmiddlewaretoken", TOKEN)]


def _encoded(values):
    return urlencode([(n, v) for n, v in values], errors="replace")


def _parts(values):
    """Return `values` as multipart/form-data; bytes are files."""
    body = b""
    for name, value in values:
        name = re.sub(r'["\r\n]', "_", name).encode("utf-8", "replace")
        body += b'--%b\r\nContent-Disposition: form-data; name="%b"' % (
            BOUNDARY.encode(),
            name,
        )
        body += b'; filename="a.png"' if isinstance(value, bytes) else b""
        value = value if isinstance(value, bytes) else value.encode("utf-8", "replace")
        body += b"\r\n\r\n" + value + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()
