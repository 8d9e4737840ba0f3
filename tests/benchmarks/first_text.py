"""How soon a person sees the first words after Enter."""

from . import browser
from .figures import Figure, p50, p95
from .servers import Control, served

# The provider begins at once and is soon done: what is left is ours.
TOKENS, RATE = 20, 1000
FIRST, LAST = 10, 5  # of a chat's messages: those of the figure, those of its end


def measure(*, quick):
    """Enter → first text; the control: a page that shows what its socket echoes."""
    chats, length = (1, 12) if quick else (3, 50)
    with served(tokens=TOKENS, rate=RATE) as (_, site), browser.started() as chromium:
        (session,) = site.rows("people", count=1)
        talks = [site.rows("conversation", turns=0) for _ in range(chats + 1)]
        chat(chromium, site, f"/c/{talks.pop()}/", 2, session)
        ours = [chat(chromium, site, f"/c/{t}/", length, session) for t in talks]
    with Control() as server, browser.started() as chromium:
        chat(chromium, server, "/", 2)
        control = [chat(chromium, server, "/", length) for _ in range(chats)]
    note = f"{chats} chats of {length} messages, the first {FIRST} of each"
    growth = f"p50 of messages {length - LAST + 1}–{length} against 1–{LAST}"
    return [
        Figure("first_text", _firsts(ours), _firsts(control), note),
        Figure("fiftieth", (_growth(ours),), (_growth(control),), growth),
    ]


def chat(chromium, server, path, length, session=""):
    """Return the milliseconds of each of `length` messages of one conversation."""
    with browser.signed_in(chromium, server, session) as page:
        page.goto(server.origin + path)
        page.wait_for_load_state("networkidle")
        page.focus("#composer-text")
        return [
            browser.ask(page, f"Message {number}", replies=number)
            for number in range(1, length + 1)
        ]


def _firsts(chats):
    firsts = [took for chat in chats for took in chat[:FIRST]]
    return p50(firsts), p95(firsts)


def _growth(chats):
    first = [took for chat in chats for took in chat[:LAST]]
    last = [took for chat in chats for took in chat[-LAST:]]
    return p50(last) / p50(first)
