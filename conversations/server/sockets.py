"""WebSockets: their limits, their compression, their readers."""

import asyncio
import logging
import time
from functools import partial

from autobahn.websocket.compress import (
    PerMessageDeflateOffer,
    PerMessageDeflateOfferAccept,
)
from daphne import ws_protocol
from django.conf import settings

from .room import Room

logger = logging.getLogger(__name__)

RESTARTING = 1012
# Frames of a growing reply repeat each other: with what went before in mind they
# shrink to a sixth, each for itself by a seventh, in twice the time. That memory,
# 32 KB a socket with this window and level, is why compression is a choice.
WINDOW_BITS, MEMORY_LEVEL = 12, 5
# So many messages of one browser wait here before no more are read, and how often it is
# looked whether they were taken.
MOST_WAITING, LOOKING_SECONDS = 32, 0.05
# Browsers send whole messages, and answer pings. Of all else, as pieces of a message
# that never ends, so many are taken at once, and a second: each is work, however small.
MOST_SCRAPS, SCRAPS_A_SECOND = 1000, 20


class SocketProtocol(ws_protocol.WebSocketProtocol):
    """A WebSocket that says when its reader cannot keep up, and takes its time to end.

    What it receives is limited; what it sends is ours, and a reply may be long.
    """

    is_held = False  # whether its browser sends more than is taken

    def onConnect(self, request):
        self.room = Room()
        self._scraps_left, self._scraps_at = MOST_SCRAPS, time.monotonic()
        return super().onConnect(request)

    def onOpen(self):
        super().onOpen()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)
        self.transport.write = partial(
            write_at_once, self.transport, self.transport.write
        )
        if self.server.is_closing:
            self.say_restarting()

    def sendHttpErrorResponse(self, code, reason, responseHeaders=None):
        headers = [*(responseHeaders or []), *settings.RESPONSE_HEADERS.items()]
        super().sendHttpErrorResponse(code, reason, headers)

    def onFrameEnd(self):
        """Cut off who sends scraps without end: no message comes that could wait."""
        frame = self.current_frame
        if not (frame.fin and 0 < frame.opcode < 8) and self._are_too_many_scraps():
            logger.info("Socket %s sends scraps alone: cut off", self.path.decode())
            self.dropConnection(abort=True)
            return False
        return super().onFrameEnd()

    def _are_too_many_scraps(self):
        now = time.monotonic()
        grown = self._scraps_left + (now - self._scraps_at) * SCRAPS_A_SECOND
        self._scraps_left, self._scraps_at = min(MOST_SCRAPS, grown) - 1, now
        return self._scraps_left < 0

    def onMessage(self, payload, isBinary):
        super().onMessage(payload, isBinary)
        if self._has_many_waiting(MOST_WAITING) and not self.is_held:
            logger.info("Socket %s sends more than is taken", self.path.decode())
            self.is_held = True
            self.transport.pauseProducing()
            self._read_on()

    def _has_many_waiting(self, most):
        is_open = self.state == self.STATE_OPEN
        return is_open and self.application_queue.qsize() > most

    def _read_on(self):
        """Read on once what was sent is taken: until then it waits at its sender."""
        if self._has_many_waiting(MOST_WAITING // 2):
            asyncio.get_running_loop().call_later(LOOKING_SECONDS, self._read_on)
        elif self.state != self.STATE_CLOSED:
            self.is_held = False
            self.transport.resumeProducing()

    def onClose(self, wasClean, code, reason):
        if hasattr(self, "room"):  # else it never got as far as onConnect
            self.room.clear()
            super().onClose(wasClean, code, reason)

    def say_restarting(self):
        """Have the browser come back, here or to another process."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=RESTARTING, isReply=False)

    # ── its reader ────────────────────────────────────────────────────────────────

    def pauseProducing(self):
        self.room.fill()

    def resumeProducing(self):
        self.room.clear()

    def stopProducing(self):
        self.room.clear()

    async def wait_for_room(self):
        """Wait until what was sent is taken; cut off a reader that takes nothing."""
        try:
            await self.room.wait()
        except TimeoutError:
            logger.info("Socket %s is not read: cut off", self.path.decode())
            self.dropConnection(abort=True)

    def sendMessage(self, payload, isBinary=False, **options):
        # Autobahn holds what we send to the limit of what we receive.
        limit, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
        try:
            super().sendMessage(payload, isBinary, **options)
        finally:
            self.maxMessagePayloadSize = limit


def write_at_once(transport, write_later, data):
    """Send what the system takes now, and leave the rest to Twisted.

    Twisted sends nothing before the event loop has come round, for which it has the
    selector watch and then forget the socket: twice what the sending itself costs.
    """
    is_idle = transport.offset == len(transport.dataBuffer)
    if is_idle and not transport._tempDataBuffer and not transport.disconnecting:
        sent = transport.writeSomeData(data)
        if isinstance(sent, int):
            data = data[sent:]
    if data:
        write_later(data)


class SocketFactory(ws_protocol.WebSocketFactory):
    protocol = SocketProtocol

    def __init__(self, server, *, compresses):
        super().__init__(server, server=server.server_name)
        self.setProtocolOptions(
            openHandshakeTimeout=server.websocket_handshake_timeout,
            autoPingTimeout=server.ping_timeout,
            maxMessagePayloadSize=server.websocket_max_message_size,
            maxFramePayloadSize=server.websocket_max_frame_size,
            failByDrop=False,  # say what was wrong: 1009 for what is too long
            allowNullOrigin=True,  # whose origin is good is asked in chatsite.asgi
            perMessageCompressionAccept=accept_deflate if compresses else None,
        )


def accept_deflate(offers):
    """Return how to compress, of what a browser offers; None for not at all."""
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            most = offer.request_max_window_bits or WINDOW_BITS
            return PerMessageDeflateOfferAccept(
                offer,
                # What browsers send is little, and no reason to remember anything.
                request_no_context_takeover=offer.accept_no_context_takeover,
                request_max_window_bits=WINDOW_BITS * offer.accept_max_window_bits,
                window_bits=min(WINDOW_BITS, most),
                mem_level=MEMORY_LEVEL,
            )
    return None
