"""What many conversations and long ones cost."""

import http.client
import time

from . import browser
from .figures import Figure, p50
from .processes import get
from .servers import Control, Site
from .start import NOWHERE

TURNS = 500
CHATS = 10_000
FOLDERS = 200
LIST = "/conversations/?fragment=1"


def measure(*, quick):
    """The list of 10,000 conversations, and the opening of 1,000 messages."""
    times = 5 if quick else 30
    with Site(NOWHERE) as site, browser.started() as chromium:
        (session,) = site.rows("people", count=1)
        talk = site.rows("conversation", turns=TURNS)
        ours = painted(chromium, site, f"/c/{talk}/", session, times)
        site.rows("conversations", count=CHATS)
        listed = answered(site, LIST, session, times)
        word = site.rows("rare_word")
        found = answered(site, f"/search/?q={word}&fragment=1", session, times)
        pks = site.rows("folders", count=FOLDERS, each=CHATS // FOLDERS // 2)
        folded = answered(site, LIST, session, times)
        opened = f"open_folders={'.'.join(map(str, pks[:10]))}"
        unfolded = answered(site, LIST, session, times, cookie=opened)
        live = answered(site, "/health/live/", session, times)
    with Control() as server, browser.started() as chromium:
        control = painted(chromium, server, "/", "", times)
    note = (
        "the first page by HTTP; the search as one types, one hit in 10,000 chats of "
    )
    note += "a message each; the control: /health/live/, which asks nobody"
    note_of_opening = (
        f"p50 of {times} visits with a warm cache; the control: a bare page"
    )
    return [
        Figure("list", (listed, found), (live, live), note),
        Figure("list_folders", (folded, unfolded), (live, live), "the first page"),
        Figure("history", (ours,), (control,), note_of_opening),
    ]


def answered(site, path, session, times, *, cookie=""):
    """Return the milliseconds, p50, until the answer to a request is here."""
    return p50(milliseconds(site, path, session, times, cookie=cookie))


def milliseconds(site, path, session, times, *, cookie=""):
    """Return the milliseconds until the answer is here, of so many requests."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    cookie, took = f"sessionid={session}; {cookie}", []
    for _ in range(times + 5):
        started = time.perf_counter()
        status, _ = get(site.port, path, cookie=cookie, connection=connection)
        took.append((time.perf_counter() - started) * 1000)
        assert status == 200, f"{path}: {status}"
    connection.close()
    return took[5:]


def painted(chromium, server, path, session, times):
    """Return the milliseconds, p50, until the page stands at its end and is painted."""
    took = []
    with browser.signed_in(chromium, server, session) as page:
        for _ in range(times + 1):
            page.goto(server.origin + path)
            page.wait_for_function("bench.painted")
            took.append(page.evaluate("bench.painted"))
    return p50(took[1:])
