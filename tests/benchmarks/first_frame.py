"""How soon the first words of a reply come over the socket of whoever asked."""

import asyncio

from .figures import Figure, p50, p95
from .first_text import RATE, TOKENS
from .readers import Reader
from .servers import Control
from .sockets import Socket
from .stacks import STACKS, on_each, standing

WARM = 5  # messages that are not measured


def measure(*, quick):
    """Question → first frame with text; the control: a socket that echoes."""
    return on_each("first_frame", lambda stack: _figures(stack, 10 if quick else 50))


def _figures(stack, count):
    control = _control(count) if stack is STACKS[0] else ()
    with standing(stack, tokens=TOKENS, rate=RATE) as (_, site):
        (session,) = site.rows("people", count=1)
        took = asyncio.run(_ours(site, session, count))
    note = f"{count} messages of one chat, without a browser"
    return [Figure("first_frame", (p50(took), p95(took)), control, note, stack.key)]


async def _ours(site, session, count):
    reader = await Reader.enter(site, session)
    took = []
    for number in range(WARM + count):
        await reader.ask(f"Message {number}")
        took.append(reader.first_seconds * 1000)
    reader.close()
    return took[WARM:]


class Echo(Socket):
    """Asks a socket that answers at once."""

    async def ask(self, text):
        """Return the seconds until the answer."""
        loop = asyncio.get_running_loop()
        started, self._answered = loop.time(), loop.create_future()
        self.send(text)
        await self._answered
        return loop.time() - started

    def received(self, frame):
        self._answered.set_result(frame)


def _control(count):
    with Control() as server:
        took = asyncio.run(_echoed(server, count))
    return p50(took), p95(took)


async def _echoed(server, count):
    echo = await Echo.open(server.port, "/")
    took = [await echo.ask(f"Message {n}") * 1000 for n in range(WARM + count)]
    echo.close()
    return took[WARM:]
