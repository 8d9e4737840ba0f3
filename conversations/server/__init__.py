"""Daphne, so that a deploy loses nothing and a slow reader costs nothing."""

import asyncio
import logging
import signal

from daphne import server as daphne  # the first of all: it installs the reactor
from django.conf import settings
from twisted.internet import defer, reactor
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    STDLibLogObserver,
    globalLogBeginner,
)

from conversations.generation import process
from conversations.transfer import jobs
from conversations.transfer.uploads import BODY

from .access import log_socket
from .http import HTTPFactory
from .sockets import SocketFactory, SocketProtocol

logger = logging.getLogger(__name__)

# How long anything may take to answer before the browser is told 503.
HTTP_SECONDS = 120
# A socket is asked so often whether somebody is there, and closed that much later.
# Shorter than the pause: Daphne forgets the clock of the question before.
PING_SECONDS, PONG_SECONDS = 20, 10
# From the request for a socket until it is open; many come at once after a restart.
OPENING_SECONDS = 20
# Until an application is cancelled whose browser has left.
LEAVING_SECONDS = 10
# Beyond the grace: until the last save is given up; what requests and sockets then
# get to end in order; what their applications get once they are cancelled.
SAVING_SECONDS, CLOSING_SECONDS, CANCELLING_SECONDS = 2.5, 2, 1


class Server(daphne.Server):
    """Serves `listener`, a listening socket that it closes; `ready` is told when.

    It ends in order: replies get `grace_seconds`, requests are answered, then sockets
    are closed with 1012. A second signal, or a second call of `end`, means "now".
    With a `lifeline`, a socket, it also ends when the other end of that is closed.
    """

    def __init__(self, application, listener, *, grace_seconds, ready, lifeline=None):
        super().__init__(
            application,
            endpoints=[listener],
            ready_callable=ready,
            action_logger=log_socket,
            server_name="chatsite",
            http_timeout=HTTP_SECONDS,
            request_buffer_size=65_536,
            websocket_timeout=-1,  # as long as its page
            websocket_connect_timeout=OPENING_SECONDS,
            websocket_handshake_timeout=OPENING_SECONDS,
            websocket_max_message_size=settings.WEBSOCKET_MAX_MESSAGE_BYTES,
            websocket_max_frame_size=settings.WEBSOCKET_MAX_MESSAGE_BYTES,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            application_close_timeout=LEAVING_SECONDS,
        )
        self.grace_seconds = grace_seconds
        self.lifeline = lifeline
        self.is_ending = self.is_closing = False
        self._hurry = asyncio.Event()

    def run(self):
        """Serve until told to end. Daphne's own would make factories of its own."""
        log_errors_of_twisted()
        self.connections = {}
        self.http_factory = HTTPFactory(self)
        self.ws_factory = SocketFactory(self, compresses=settings.WEBSOCKET_COMPRESSION)
        loop = reactor._asyncioEventloop
        asyncio.set_event_loop(loop)
        for number in (signal.SIGTERM, signal.SIGINT):
            # The loop's own way loses a signal that comes while threads call it a lot.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.end))
        if self.lifeline is not None:
            loop.add_reader(self.lifeline, self._lifeline_closed, loop)
        loop.call_soon(process.attach)
        loop.call_soon(jobs.attach)
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)
        reactor.addSystemEventTrigger("before", "shutdown", self.kill_all_applications)
        self._port = self._listen(*self.endpoints)
        self.ready_callable()
        reactor.run(installSignalHandlers=False)

    def _listen(self, listener):
        with listener:
            listener.setblocking(False)
            return reactor.adoptStreamPort(
                listener.fileno(), listener.family, self.http_factory
            )

    # ── while it serves ───────────────────────────────────────────────────────────

    def create_application(self, protocol, scope):
        if (body := getattr(protocol, "body", None)) is not None:
            scope[BODY] = body
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol, message):
        await super().handle_reply(protocol, message)
        if message["type"] == "websocket.send" or message.get("more_body"):
            await protocol.wait_for_room()

    def protocol_disconnected(self, protocol):
        if protocol in self.connections:  # Daphne may have forgotten it already
            super().protocol_disconnected(protocol)

    def application_checker(self):
        """Daphne's; an error in it would be the last time it ran."""
        try:
            super().application_checker()
        except Exception:
            logger.exception("A connection could not be cleared away")
            reactor.callLater(1, self.application_checker)

    def timeout_checker(self):
        """Daphne's; an error in one connection would be the end of all pings."""
        for protocol in list(self.connections):
            try:
                protocol.check_timeouts()
            except Exception:
                logger.exception("%r could not be looked after", protocol)
        reactor.callLater(2, self.timeout_checker)

    # ── the end ───────────────────────────────────────────────────────────────────

    def end(self):
        """End in order. Called again: now."""
        if self.is_ending:
            self._hurry.set()
        else:
            self.is_ending = True
            reactor.stop()

    def _lifeline_closed(self, loop):
        loop.remove_reader(self.lifeline)
        self.end()

    def kill_all_applications(self):
        """What the reactor calls before it ends; it waits for the Deferred."""
        self._port.doRead()  # who has knocked is let in
        self._port.stopListening()
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self):
        jobs_end = asyncio.ensure_future(jobs.drain())
        try:
            await self._drain()
        except Exception:
            logger.exception("Replies did not end in order")
        await self._close()
        await asyncio.wait([jobs_end], timeout=SAVING_SECONDS)

    async def _drain(self):
        draining = asyncio.ensure_future(process.drain(self.grace_seconds))
        hurry = asyncio.ensure_future(self._hurry.wait())
        await asyncio.wait(
            [draining, hurry],
            timeout=self.grace_seconds + SAVING_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if hurry.done():
            draining.cancel()
            await asyncio.wait([draining])
            await process.drain(0)
        elif draining.done():
            draining.result()
        else:
            logger.error("The last replies could not be saved in time")

    async def _close(self):
        self.is_closing = True
        for protocol in list(self.connections):
            if isinstance(protocol, SocketProtocol):
                protocol.say_restarting()
        answered = asyncio.ensure_future(self.http_factory.end())
        await asyncio.wait([*self._running(), answered], timeout=CLOSING_SECONDS)
        if running := self._running():
            for application in running:
                application.cancel()
            await asyncio.wait(running, timeout=CANCELLING_SECONDS)

    def _running(self):
        found = [d.get("application_instance") for d in self.connections.values()]
        return [a for a in found if a is not None and not a.done()]


def log_errors_of_twisted():
    """What goes wrong in Twisted comes into our log; what it tells else does not."""
    globalLogBeginner.beginLoggingTo(
        [
            FilteringLogObserver(
                STDLibLogObserver("twisted"), [LogLevelFilterPredicate(LogLevel.error)]
            )
        ],
        redirectStandardIO=False,
        discardBuffer=True,
    )
