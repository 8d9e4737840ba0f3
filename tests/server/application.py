"""Our server with an application that misbehaves as asked: `python -m tests.server…`.

Arguments: the number of an inherited listening socket, and as JSON what to set on the
server and in its modules, as {"http_timeout": 1} or {"server.room.STALLED_SECONDS": 1}.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

import django
from autobahn.exception import Disconnected

PIECE = b"x" * 65_536
CALLS = 100_000  # more than a loop hears of before it looks


async def application(scope, receive, send):
    await {"http": answer, "websocket": converse}[scope["type"]](scope, receive, send)


async def answer(scope, receive, send):
    """The path is what happens: hello, hang, break, pour, slow (until `go` comes).

    At `storm` it is told to end in a moment at which threads call the loop a lot.

    At `place` it says under which path it lies.
    """
    what = scope["path"].strip("/")
    size = await read(receive)
    if what == "hang":
        await asyncio.Event().wait()
    if what == "slow":
        say("slow begun")
        await going.wait()
    if what == "go":
        going.set()
    if what == "storm":
        for _ in range(CALLS):
            asyncio.get_running_loop().call_soon_threadsafe(str)
        os.kill(os.getpid(), signal.SIGTERM)
    headers = [(b"X-Request-ID", b"id-of-this")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if what == "break":
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError("broken on purpose")
    while what == "pour":
        await send({"type": "http.response.body", "body": PIECE, "more_body": True})
    said = f"at {scope['root_path']!r}" if what == "place" else f"took {size}"
    await send({"type": "http.response.body", "body": said.encode()})


async def read(receive):
    size, goes_on = 0, True
    while goes_on:
        message = await receive()
        size += len(message.get("body", b""))
        goes_on = message.get("more_body", False)
    return size


async def converse(scope, receive, send):
    """Say how long each message was; `long` is answered with 3 MB, `pour` for ever.

    The path `/refuse` is refused.
    """
    await receive()
    if "slow" in scope["path"]:
        say("slow begun")
        await going.wait()
    if "refuse" in scope["path"]:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        text = message["text"]
        if text == "idle":  # takes nothing until `go` comes
            await going.wait()
        if text == "long":
            await send({"type": "websocket.send", "text": "x" * 3_000_000})
        with suppress(Disconnected):
            while text == "pour":
                await send({"type": "websocket.send", "text": PIECE.decode()})
            await send({"type": "websocket.send", "text": f"took {len(text)}"})
    say(f"left with {message['code']}")


def say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(listener, changes):
    global going
    django.setup()
    from conversations import server

    going = asyncio.Event()
    serving = server.Server(
        application, listener, grace_seconds=5, ready=lambda: say("ready")
    )
    for name, value in changes.items():
        module, _, attribute = name.rpartition(".")
        owner = import_module(f"conversations.{module}") if module else serving
        setattr(owner, attribute, value)
    serving.run()
    say("ended")
    os._exit(0)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2]))
