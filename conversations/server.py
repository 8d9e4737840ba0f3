"""Daphne, so that a deploy loses nothing and a slow reader costs nothing."""

import asyncio
import logging
import signal

from daphne import server as daphne
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import defer, reactor
from twisted.internet.error import CannotListenError

from conversations.generation import process

logger = logging.getLogger(__name__)
access_log = logging.getLogger("chatsite.access")

RESTARTING = 1012
# A reader whose buffers stay full for so long is cut off.
STALLED_SECONDS = 30
# What an application may still do after its socket was closed for a restart.
CLOSING_SECONDS = 2


class SocketProtocol(WebSocketProtocol):
    """A WebSocket that says when its reader cannot keep up.

    Daphne writes without looking; one unread socket then takes all memory there is.
    """

    _room = None

    def onOpen(self):
        super().onOpen()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    def pauseProducing(self):
        if self._room is None:
            self._room = asyncio.get_running_loop().create_future()

    def resumeProducing(self):
        room, self._room = self._room, None
        if room is not None and not room.done():
            room.set_result(None)

    def stopProducing(self):
        self.resumeProducing()

    def onClose(self, wasClean, code, reason):
        self.resumeProducing()
        super().onClose(wasClean, code, reason)

    async def room(self):
        """Wait until the reader took what was sent; TimeoutError if it does not."""
        if self._room is not None:
            await asyncio.wait_for(asyncio.shield(self._room), STALLED_SECONDS)


WebSocketFactory.protocol = SocketProtocol


class Server(daphne.Server):
    """Ends in order: replies get `grace_seconds`, then sockets are closed with 1012.

    A second signal is taken as "now". `failure` says why it could not listen.
    """

    def __init__(self, *args, grace_seconds, **kwargs):
        super().__init__(*args, signal_handlers=False, action_logger=log, **kwargs)
        self.grace_seconds = grace_seconds
        self.failure = None
        self._ports = []
        self._draining = None

    def run(self):
        loop = reactor._asyncioEventloop
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled)
        loop.call_soon(process.attach)
        super().run()

    def _signalled(self):
        if self._draining is None:
            reactor.stop()
        else:
            self._draining.cancel()

    def listen_success(self, port):
        self._ports.append(port)
        super().listen_success(port)

    def listen_error(self, failure):
        self.failure = failure.value
        if not isinstance(self.failure, CannotListenError):
            logger.critical("Could not listen: %s", failure.getErrorMessage())
        self.stop()

    async def handle_reply(self, protocol, message):
        await super().handle_reply(protocol, message)
        if message["type"] == "websocket.send":
            await protocol.room()

    def kill_all_applications(self):
        """What Daphne calls before the reactor ends; it waits for the Deferred."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self):
        for port in self._ports:
            port.stopListening()
        self._draining = asyncio.ensure_future(process.drain(self.grace_seconds))
        await asyncio.wait([self._draining])
        if self._draining.cancelled():
            await process.drain(0)
        await self._close_sockets()

    async def _close_sockets(self):
        for protocol in self.connections:
            is_socket = isinstance(protocol, SocketProtocol)
            if is_socket and protocol.state == protocol.STATE_OPEN:
                protocol.sendCloseFrame(code=RESTARTING, isReply=False)
        for wait in (CLOSING_SECONDS, CLOSING_SECONDS):
            running = self._running_applications()
            if not running:
                return
            await asyncio.wait(running, timeout=wait)
            for application in running:
                application.cancel()

    def _running_applications(self):
        found = [d.get("application_instance") for d in self.connections.values()]
        return [a for a in found if a is not None and not a.done()]


def log(protocol, action, details):
    """One line for each request and each socket that comes or goes."""
    if action == "complete":
        access_log.info(
            "%(method)s %(path)s %(status)s %(size)s B %(milliseconds).0f ms",
            {**details, "milliseconds": details["time_taken"] * 1000},
        )
    elif action in ("connected", "disconnected", "rejected"):
        access_log.info("socket %s %s", details["path"], action)
