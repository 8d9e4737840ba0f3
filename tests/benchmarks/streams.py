"""How many replies one process writes at once without anyone waiting for theirs."""

import asyncio
import sys

from .figures import Figure, p50, p95, spell
from .readers import DirectReader, Reader
from .servers import served

TOKENS, RATE = 200, 50
IDEAL_SECONDS = TOKENS / RATE
SLACK = 1.25
LADDER = (25, 50, 100, 200, 300, 400, 500)
PEOPLE = 100  # who share the conversations: nobody has more than a few replies at once
FAILURES = 2  # rungs in a row after which the ladder ends


def measure(*, quick):
    """The most streams whose p95 is within 1.25 of the ideal, and no error."""
    ladder = LADDER[:2] if quick else LADDER
    with served(tokens=TOKENS, rate=RATE) as (upstream, site):
        sessions = site.rows("people", count=PEOPLE)
        climb = Climb(upstream, site, sessions)
        return [
            asyncio.run(climb.figure("streams", ladder, over_seconds=0)),
            asyncio.run(climb.figure("streams_spread", ladder, IDEAL_SECONDS)),
        ]


class Climb:
    """Tries more and more streams on one site."""

    def __init__(self, upstream, site, sessions):
        self.upstream, self.site, self.sessions = upstream, site, sessions

    async def figure(self, row, ladder, over_seconds):
        most, control_most, notes, failures = 0, 0, [], 0
        await self._ours(2, 0)  # what is loaded on first use is not measured
        for count in ladder:
            control = await self._control(count, over_seconds)
            ours, errors = await self._ours(count, over_seconds)
            notes.append(self._note(row, count, ours, errors, control))
            if p95(control) <= SLACK * IDEAL_SECONDS:
                control_most = count
            is_good = not errors and p95(ours) <= SLACK * IDEAL_SECONDS
            most, failures = (count, 0) if is_good else (most, failures + 1)
            if failures == FAILURES:
                break
        return Figure(row, (most,), (control_most,), "; ".join(notes))

    @staticmethod
    def _note(row, count, ours, errors, control):
        took = f"{spell(p50(ours))} / {spell(p95(ours))}" if ours else "—"
        note = f"{count}: p50 / p95 {took} s, direct {spell(p95(control))} s"
        note += f", {len(errors)} errors ({errors[0]})" if errors else ""
        sys.stderr.write(f"  {row}: {note}\n")
        return note

    async def _ours(self, count, over_seconds):
        """Return the seconds of the whole replies, and the errors of the others."""
        people = [self.sessions[n % len(self.sessions)] for n in range(count)]
        readers = [await Reader.enter(self.site, session) for session in people]
        asked = spread(count, over_seconds, lambda n: readers[n].ask("Hello there"))
        found = await asyncio.gather(*asked, return_exceptions=True)
        for reader in readers:
            reader.close()
        errors = [repr(f)[:200] for f in found if isinstance(f, Exception)]
        return [f for f in found if not isinstance(f, Exception)], errors

    async def _control(self, count, over_seconds):
        port = self.upstream.port
        asked = spread(count, over_seconds, lambda n: DirectReader.ask(port))
        return await asyncio.gather(*asked)


def spread(count, over_seconds, ask):
    """Return `count` coroutines of `ask(n)` that begin evenly over so many seconds."""

    async def later(number):
        await asyncio.sleep(over_seconds * number / count)
        return await ask(number)

    return [later(number) for number in range(count)]
