"""The search of a million messages of a hundred people, asked for by its name.

Making them takes some minutes, so that it is measured only with `--only search`.
"""

from urllib.parse import quote

from .figures import Figure, p50
from .history import milliseconds
from .servers import Site
from .start import NOWHERE

MESSAGES = 1_000_000
PEOPLE = 100


def measure(*, quick):
    """Each kind of question in turn, through HTTP; the control asks nobody."""
    messages, times = (50_000, 5) if quick else (MESSAGES, 40)
    with Site(NOWHERE) as site:
        session, questions = site.rows("library", messages=messages, people=PEOPLE)
        took = {
            name: milliseconds(
                site, f"/search/?fragment=1&q={quote(question)}", session, times
            )
            for name, question in questions.items()
        }
        live = milliseconds(site, "/health/live/", session, times)
    each = ", ".join(f"{name} {p50(values):.1f}" for name, values in took.items())
    everything = [value for values in took.values() for value in values]
    note = f"{messages:,} messages of {PEOPLE} people, ms p50: {each}; the control: "
    note += "/health/live/, which asks nobody"
    return [Figure("search", (p50(everything),), (p50(live),), note)]
