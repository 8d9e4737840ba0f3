"""How many replies are written at once without anyone waiting for theirs."""

import asyncio
import sys

from .figures import Figure, p50, p95, spell
from .readers import DirectReader, Reader
from .stacks import STACKS, on_each, standing

TOKENS, RATE = 200, 50
IDEAL_SECONDS = TOKENS / RATE
SLACK = 1.25
LADDER = (100, 200, 300, 400, 500, 600, 700)
LADDER_SPREAD = (100, 200, 400, 600)
LADDER_CONTROL = (200, 500, 1000)
LADDER_QUICK = (25, 50)
LOWER = (50, 25)  # for what fails on the first rung
TRIES = 2  # at each rung: once may be somebody else's doing
REST_SECONDS = 0.5
PEOPLE = 100  # who share the conversations: nobody has more than a few replies at once


def measure(*, quick):
    """The most streams whose p95 is within 1.25 of the ideal, and no error."""
    return on_each("streams", lambda stack: _figures(stack, quick))


def _figures(stack, quick):
    rows = ("streams", "streams_spread") if stack is STACKS[0] else ("streams",)
    with standing(stack, tokens=TOKENS, rate=RATE) as (upstream, site):
        climb = Climb(upstream, site, site.rows("people", count=PEOPLE), quick)
        return [asyncio.run(climb.figure(row, stack)) for row in rows]


class Climb:
    """Tries more and more streams on one site."""

    def __init__(self, upstream, site, sessions, quick):
        self.upstream, self.site, self.sessions = upstream, site, sessions
        self.quick = quick

    async def figure(self, row, stack):
        """Climb until a rung fails; the control is the same without the site."""
        over_seconds = IDEAL_SECONDS if row == "streams_spread" else 0
        ladder = LADDER_SPREAD if over_seconds else LADDER
        await self._ours(2, 0)  # what is loaded on first use is not measured
        notes, control = [], ()
        most = await self._most(ladder, self._ours, over_seconds, notes)
        if stack is STACKS[0]:
            notes.append("the control, without the site")
            reached = self._most(LADDER_CONTROL, self._control, over_seconds, notes)
            control = (await reached,)
        sys.stderr.write(f"  {row}, {stack.label}: {'; '.join(notes)}\n")
        note = f"ideal {IDEAL_SECONDS:.1f} s; p50 / p95 of replies (of first texts): "
        note += "; ".join(notes)
        return Figure(row, (most,), control, note, stack.key)

    async def _most(self, ladder, run, over_seconds, notes):
        """Return the highest rung of `ladder` that holds, 0 if none does."""
        most = 0
        for count in LADDER_QUICK if self.quick else ladder:
            if not await self._holds(count, run, over_seconds, notes):
                break
            most = count
        if most or self.quick:
            return most
        for count in LOWER:
            if await self._holds(count, run, over_seconds, notes):
                return count
        return 0

    async def _holds(self, count, run, over_seconds, notes):
        for _ in range(TRIES):
            took, errors, firsts = await run(count, over_seconds)
            notes.append(f"{count}: {_spell(took)}")
            notes[-1] += f" ({_spell(firsts)})" if firsts else ""
            notes[-1] += f", {len(errors)} × {errors[0]}" if errors else ""
            await asyncio.sleep(REST_SECONDS)
            if not errors and p95(took) <= SLACK * IDEAL_SECONDS:
                return True
        return False

    async def _ours(self, count, over_seconds):
        """Return seconds of whole replies, errors, and seconds to first texts."""
        people = [self.sessions[n % len(self.sessions)] for n in range(count)]
        readers = await Reader.enter_all(self.site, [(session,) for session in people])
        asked = spread(count, over_seconds, lambda n: readers[n].ask("Hello there"))
        found = await asyncio.gather(*asked, return_exceptions=True)
        for reader in readers:
            reader.close()
        firsts = [r.first_seconds for r in readers if r.first_seconds is not None]
        return *sorted_out(found), firsts

    async def _control(self, count, over_seconds):
        port = self.upstream.port
        asked = spread(count, over_seconds, lambda n: DirectReader.ask(port))
        return *sorted_out(await asyncio.gather(*asked, return_exceptions=True)), ()


def _spell(seconds):
    return f"{spell(p50(seconds))} / {spell(p95(seconds))} s" if seconds else "none"


def sorted_out(found):
    """Return the values of a `gather`, and its errors as texts."""
    errors = [repr(f)[:200] for f in found if isinstance(f, Exception)]
    return [f for f in found if not isinstance(f, Exception)], errors


def spread(count, over_seconds, ask):
    """Return `count` coroutines of `ask(n)` that begin evenly over so many seconds."""

    async def later(number):
        await asyncio.sleep(over_seconds * number / count)
        return await ask(number)

    return [later(number) for number in range(count)]
