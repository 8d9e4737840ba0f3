"""The provider of the benchmarks: it begins at once and writes tokens by the clock.

    python -m tests.benchmarks.upstream --tokens 200 --rate 50

prints its base URL. It knows nothing but the one answer, so that it takes little of a
machine it shares with what it measures: one timer serves all streams. It wakes as often
as a token is due, but not more often than TICK_SECONDS, and each stream keeps the time
at which it began: tokens of different streams do not come in step.
"""

import argparse
import asyncio
import contextlib
import heapq
import itertools
import re
import sys

from tests import fakes_wire as wire
from tests.daemon import free_port

SECTION = """\
## Section about rivers, *deltas* and `levees`

A river **carries** sand, and [drops it](https://example.org/sand) where it slows; \
the ~~fast~~ slow half is the interesting one, says `flow(x)`.

- the first item, with **strong** words
- the second, with `code` and *stress*
  1. nested once
  2. nested twice

| place | width in m | depth |
|---|--:|:-:|
| spring | 1.5 | low |
| bend | 12 | *middle* |
| mouth | 840 | **high** |

```python
def depth(width, flow=3.0):
    \"\"\"Return the depth in metres.\"\"\"
    return [round(flow / step, 2) for step in range(1, width)]
```

> Quoted: water finds its way.

The law is \\(v = \\frac{1}{n} R^{2/3} S^{1/2}\\), and in a line of its own

\\[ Q = A \\cdot v \\]

"""
CHARACTERS = 4  # of an everyday token
TICK_SECONDS = 0.001
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def pieces(text, characters=CHARACTERS):
    return [text[at : at + characters] for at in range(0, len(text), characters)]


def words():
    return [f"{word} " for word in wire.TEXT.split()]


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


class Pacer:
    """Writes `tokens` of the texts `contents`, again and again, `rate` a second.

    The first leaves at once, the last after `(tokens - 1) / rate` seconds, the end of
    the reply after `tokens / rate`.
    """

    def __init__(self, contents, *, tokens, rate):
        events = (wire.delta_event({"content": content}) for content in contents)
        self._chunks = [chunk(event) for event in events]
        self._end = self._ending(tokens)
        self.tokens, self.rate = tokens, rate
        self._due, self._numbers, self._timer = [], itertools.count(), None

    @staticmethod
    def _ending(tokens):
        usage = {"prompt_tokens": 11, "completion_tokens": tokens}
        finish = wire.delta_event({}, finish="stop")
        return chunk(finish + wire.usage_event(usage) + wire.DONE) + b"0\r\n\r\n"

    def begin(self, stream):
        """Answer on `stream`, a Connection, from now on."""
        loop = asyncio.get_running_loop()
        stream.began, stream.sent = loop.time(), 0
        stream.transport.write(HEAD)
        self._write(stream, stream.began)
        if self._timer is None:
            self._wait(loop)

    def _write(self, stream, now):
        """Write what is due, and note when there is more."""
        due = int((now - stream.began) * self.rate + 1e-6) + 1
        chunks, sent = self._chunks, stream.sent
        upto = min(due, self.tokens)
        if upto - sent == 1:
            stream.transport.write(chunks[sent % len(chunks)])
        elif upto > sent:
            stream.transport.write(
                b"".join([chunks[n % len(chunks)] for n in range(sent, upto)])
            )
        stream.sent = upto
        if due > self.tokens:
            stream.transport.write(self._end)
            return
        when = stream.began + upto / self.rate
        heapq.heappush(self._due, (when, next(self._numbers), stream))

    def _wait(self, loop):
        if self._due:
            earliest = loop.time() + TICK_SECONDS
            self._timer = loop.call_at(max(self._due[0][0], earliest), self._tick, loop)
        else:
            self._timer = None

    def _tick(self, loop):
        now, due = loop.time(), self._due
        while due and due[0][0] <= now:
            stream = heapq.heappop(due)[2]
            if not stream.transport.is_closing():
                self._write(stream, now)
        self._wait(loop)


class Connection(asyncio.Protocol):
    """HTTP of one client: each request is answered with a stream."""

    began, sent = 0.0, 0

    def __init__(self, pacer):
        self._pacer, self._buffer = pacer, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        size = LENGTH.search(head)
        if blank and len(body) >= (int(size[1]) if size else 0):
            self._buffer = b""
            self._pacer.begin(self)


async def serve(pacer, port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(pacer), "127.0.0.1", port, backlog=2048
    )
    sys.stdout.write(f"http://127.0.0.1:{port}/v1\n")
    sys.stdout.flush()
    await server.serve_forever()


def parsed():
    parser = argparse.ArgumentParser(prog="tests.benchmarks.upstream")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50.0, help="tokens a second")
    parser.add_argument(
        "--rich",
        type=int,
        default=0,
        metavar="CHARACTERS",
        help="Markdown, so many a token",
    )
    return parser.parse_args()


if __name__ == "__main__":
    options = parsed()
    contents = pieces(SECTION, options.rich) if options.rich else words()
    pacer = Pacer(contents, tokens=options.tokens, rate=options.rate)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(pacer, options.port or free_port()))
