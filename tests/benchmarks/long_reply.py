"""What a long reply asks of the reader's browser."""

import json

from . import browser
from .figures import Figure
from .servers import Control, served
from .upstream import CHARACTERS


def measure(*, quick):
    """Main-thread seconds of rich Markdown; the control: the same as plain text."""
    paced = {"tokens": 200 if quick else 2000, "rate": 100}
    with served(**paced, rich=CHARACTERS) as (_, site), browser.started() as chromium:
        (session,) = site.rows("people", count=1)
        talk = site.rows("conversation", turns=0)
        with browser.signed_in(chromium, site, session) as page:
            page.goto(f"{site.origin}/c/{talk}/")
            ours = seconds_of(page, "Write a long one")
    with (
        Control() as server,
        browser.started() as chromium,
        browser.signed_in(chromium, server) as page,
    ):
        page.goto(server.origin)
        control = seconds_of(page, json.dumps(paced))
    note = "headings, lists, tables, code, formulas; the control: plain text, one node"
    return [Figure("long_reply", (ours,), (control,), note)]


def seconds_of(page, text):
    """Return the main thread's seconds from the question to the reply's end."""
    page.wait_for_load_state("networkidle")
    page.focus("#composer-text")
    thread = browser.MainThread(page)
    before = thread.seconds
    browser.ask(page, text, replies=1)
    return thread.seconds - before
