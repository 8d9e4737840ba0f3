"""Asking a scripted provider, and all that one request gave."""

import asyncio
import contextlib
import select
import socket

from conversations import llm
from conversations.llm import Finish, ProviderError, ReasoningDelta, TextDelta, Usage
from tests.patience import PATIENCE_SECONDS

ASK = llm.ChatRequest(model="scripted-1", messages=(llm.ChatMessage("user", "Hi"),))
SHORT_SECONDS = 0.2


class Seen:
    """All that one request gave: its text, reasoning, usage, finish or error."""

    def __init__(self):
        self.text = self.reasoning = ""
        self.usage = self.finish = self.error = None

    def add(self, event):
        match event:
            case TextDelta(text=text):
                self.text += text
            case ReasoningDelta(text=text):
                self.reasoning += text
            case Usage():
                self.usage = event
            case Finish():
                self.finish = event

    @property
    def outcome(self):
        return self.error.code if self.error else self.finish.reason


async def ask(provider, request=ASK, *, endpoint=None, on_event=None):
    return await ask_at(endpoint or provider.endpoint, request, on_event=on_event)


async def ask_at(endpoint, request, *, on_event=None):
    seen = Seen()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for event in llm.stream_chat(endpoint, request):
                seen.add(event)
                if on_event:
                    on_event(event)
    except ProviderError as error:
        seen.error = error
    return seen


async def a_server_that_says(line):
    """Start something that answers whatever it is sent by `line`."""

    async def answer(reader, writer):
        await reader.read(1)
        writer.write(line)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


def port_of(server):
    return server.sockets[0].getsockname()[1]


@contextlib.contextmanager
def a_server_that_lets_nobody_in():
    """Yield the port of one with a full queue: whoever knocks there hears nothing."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        is_let_in = True
        while is_let_in:
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(server.getsockname())
            _, is_let_in, _ = select.select([], [caller], [], SHORT_SECONDS)
        yield server.getsockname()[1]
