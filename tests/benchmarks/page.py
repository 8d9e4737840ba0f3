"""What a page weighs, and when it can be used."""

from . import browser
from .figures import Figure, p50
from .servers import Control, Site
from .start import NOWHERE

TURNS = 25


def measure(*, quick):
    """KB, requests and milliseconds of the first visit; the control: a bare page."""
    times = 3 if quick else 10
    with Site(NOWHERE) as site, browser.started() as chromium:
        (session,) = site.rows("people", count=1)
        talk = f"/c/{site.rows('conversation', turns=TURNS)}/"
        visit(chromium, site, talk, session)
        new = [visit(chromium, site, "/", session) for _ in range(times)]
        old = [visit(chromium, site, talk, session) for _ in range(times)]
    with Control() as server, browser.started() as chromium:
        control = [visit(chromium, server, "/") for _ in range(times)]
    usable = f"p50 of {times} cold visits; a conversation: {_usable(old):.0f} ms"
    return [
        Figure("page", _weight(new), _weight(control)),
        Figure("page_conversation", _weight(old), _weight(control), "equal replies"),
        Figure("usable", (_usable(new),), (_usable(control),), usable),
    ]


def visit(chromium, server, path, session=""):
    """Return `(KB, requests, milliseconds until usable)` of a first visit."""
    with browser.signed_in(chromium, server, session) as page:
        weight = browser.Weight(page)
        page.goto(server.origin + path)
        page.wait_for_load_state("networkidle")
        usable = page.evaluate("bench.usable")
        return weight.bytes / 1e3, weight.requests, usable


def _weight(visits):
    return p50([v[0] for v in visits]), p50([v[1] for v in visits])


def _usable(visits):
    return p50([v[2] for v in visits])
