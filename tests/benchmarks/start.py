"""How long the site takes to answer for the first time."""

from .figures import Figure, p50
from .servers import Control, Site

NOWHERE = "http://127.0.0.1:9/v1"


def measure(*, quick):
    """Seconds from the command to the first 200; the control: Daphne alone."""
    times = 2 if quick else 7
    ours = p50([seconds_of(Site(NOWHERE)) for _ in range(times)])
    control = p50([seconds_of(Control()) for _ in range(times)])
    note = f"p50 of {times}, the sign-in page; the control: Daphne and one function"
    return [Figure("start", (ours,), (control,), note)]


def seconds_of(server):
    with server:
        return server.start_seconds
