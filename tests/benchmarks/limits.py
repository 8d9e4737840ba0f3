"""Conversations as large as people make them: how long until one is painted."""

from . import browser
from .figures import Figure
from .history import painted
from .large import TEXTS
from .servers import Control, Site
from .start import NOWHERE

TURNS = 2_500


def measure(*, quick):
    """Open 5,000 messages, and each of the large replies."""
    times, turns = (3, TURNS // 25) if quick else (20, TURNS)
    with Site(NOWHERE) as site, browser.started() as chromium:
        (session,) = site.rows("people", count=1)
        talks = [site.rows("conversation", turns=turns)]
        talks += [site.rows("large", kind=kind) for kind in TEXTS]
        ours = [
            painted(chromium, site, f"/c/{talk}/", session, times) for talk in talks
        ]
    with Control() as server, browser.started() as chromium:
        control = painted(chromium, server, "/", "", times)
    note = f"p50 of {times} visits with a warm cache; the control: a bare page"
    return [
        Figure("limits_messages", (ours[0],), (control,), note),
        Figure("limits_replies", tuple(ours[1:]), (control,) * len(TEXTS), note),
    ]
