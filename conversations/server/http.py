"""Requests: how large one may be, how long it may take, what is written about it."""

import asyncio
from io import BytesIO

from daphne import http_protocol
from django.conf import settings
from twisted.web import http

from . import uploads
from .access import log_request
from .room import Room

CLIENT_LEFT = 499  # nginx's number for it
# So long a browser that sends too much may go on, to hear why it was refused.
LINGERING_SECONDS = 5
# A connection without a request is closed then. nginx keeps its own for 60 seconds: if
# we were first, it could send a request into what we are closing.
KEPT_ALIVE_SECONDS = 75


class Request(http_protocol.WebRequest):
    """One that is answered or broken off: what is cut short never looks complete."""

    body = None  # that of an upload, which the view reads from the disk

    def __init__(self, channel, *args, **options):
        # Django reads the forms; Twisted would read each into memory before.
        super().__init__(channel, *args, **options, parsePOSTFormSubmission=False)

    def gotLength(self, length):
        if self.channel.uploader is not None:
            self.content = self.body = uploads.begin(self.channel.uploader)
        else:
            super().gotLength(length)

    def process(self):
        # Daphne would have whoever asks say under which path the site lies.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        if self.body is not None:  # Daphne would read all of it at once
            self.content = BytesIO()
        processed = super().process()
        if self.transport is None:  # it became a WebSocket
            self.channel.factory.forget(self.channel)
        return processed

    def finish(self):
        self._log(self.code)
        uploads.end(self.body)
        super().finish()

    def connectionLost(self, reason):
        uploads.end(self.body)
        if self.path is not None:  # it was there, all of it
            self._log(CLIENT_LEFT)
        super().connectionLost(reason)

    def check_timeouts(self):
        # Once the answer has begun, its reader's pace decides.
        if not (self.finished or self._response_started or self.channel is None):
            super().check_timeouts()

    def handle_exception(self, exception):
        if self._response_started:
            self.transport.abortConnection()
        else:
            super().handle_exception(exception)

    def basic_error(self, status, status_text, body):
        """Daphne's, where the site itself does not get to answer."""
        for name, value in settings.RESPONSE_HEADERS.items():
            self.responseHeaders.setRawHeaders(name, [value])
        super().basic_error(status, status_text, body)

    async def wait_for_room(self):
        """Wait until what was sent is taken; break off where nothing is taken."""
        if self.channel is not None:
            await self.channel.wait_for_room()
        else:
            await asyncio.sleep(0)  # it will be heard that nobody is there

    def _log(self, status):
        ids = self.responseHeaders.getRawHeaders(b"x-request-id")
        log_request(
            self.method,
            self.uri,
            status,
            size_bytes=self.sentLength,
            seconds=self.duration(),
            request_id=ids[0].decode() if ids else "",
        )


class Channel(http.HTTPChannel):
    """A connection that requests come over, one after the other."""

    is_refused = False
    uploader = None  # the pk of who brings a file
    _body_bytes = 0
    _lingering = None

    def __init__(self):
        super().__init__()
        self.room = Room()

    def connectionMade(self):
        super().connectionMade()
        self.factory.remember(self)

    def connectionLost(self, reason):
        self.factory.forget(self)
        self.room.clear()
        if self._lingering is not None and self._lingering.active():
            self._lingering.cancel()
        super().connectionLost(reason)

    # ── no more than allowed ──────────────────────────────────────────────────────

    def allHeadersReceived(self):
        self._body_bytes = 0
        self.uploader = uploads.owner_of(self._command, self._path)
        self._most_bytes = uploads.most_bytes(self.uploader)
        if (self.length or 0) > self._most_bytes:
            self._refuse_size()
        elif uploads.are_too_many(self.uploader):
            self._refuse(b"429 Too Many Requests", b"One file after the other.\n")
        else:
            super().allHeadersReceived()

    def rawDataReceived(self, data):
        if self.is_refused:
            return
        if self.length is None:  # it comes in chunks, and nobody knows how many
            self._body_bytes += len(data)
            if self._body_bytes > self._most_bytes:
                self._refuse_size()
                return
        super().rawDataReceived(data)

    def lineLengthExceeded(self, line):
        """An address or a header without end: Twisted would hang up without a word."""
        if self._receivedHeaderSize:
            self._refuse_head()
            return
        self._command, _, self._path = line[: self.MAX_LENGTH].partition(b" ")
        text = b"An address may have %d bytes.\n" % self.MAX_LENGTH
        self._refuse(b"414 URI Too Long", text)

    def _respondToBadRequestAndDisconnect(self):
        """What Twisted does with what is no HTTP; its own answer has no headers."""
        if self._receivedHeaderSize > self.totalHeadersSize:
            self._refuse_head()
            return
        self._write_whole(b"400 Bad Request", b"This is no request.\n")
        self.loseConnection()

    def _refuse_head(self):
        text = b"What precedes a body may have %d bytes.\n" % self.totalHeadersSize
        self._refuse(b"431 Request Header Fields Too Large", text)

    def _refuse_size(self):
        text = b"A request may have %d bytes.\n" % self._most_bytes
        self._refuse(b"413 Content Too Large", text)

    def _refuse(self, status, text):
        """Say so at once, instead of taking it all first."""
        self.is_refused = True
        self.setRawMode()
        log_request(self._command, self._path, int(status[:3]))
        self._write_whole(status, text)
        # Closed at once, with bytes still coming in, it would be reset unread.
        self.transport.loseWriteConnection()
        self._lingering = self.callLater(
            LINGERING_SECONDS, self.transport.abortConnection
        )

    def _write_whole(self, status, text):
        headers = "".join(f"{n}: {v}\r\n" for n, v in settings.RESPONSE_HEADERS.items())
        self.transport.write(
            b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Type: text/plain\r\n"
            b"%bContent-Length: %d\r\n\r\n%b"
            % (status, headers.encode(), len(text), text)
        )

    # ── its reader ────────────────────────────────────────────────────────────────

    def pauseProducing(self):
        super().pauseProducing()
        self.room.fill()

    def resumeProducing(self):
        self.room.clear()
        super().resumeProducing()

    async def wait_for_room(self):
        try:
            await self.room.wait()
        except TimeoutError:
            self.transport.abortConnection()

    # ── the end ───────────────────────────────────────────────────────────────────

    def checkPersistence(self, request, version):
        if self.factory.server.is_ending:
            request.responseHeaders.setRawHeaders(b"Connection", [b"close"])
            return False
        return super().checkPersistence(request, version)

    def end(self):
        """Close the connection, once what was asked is answered."""
        self.persistent = False
        if not self.requests:
            self.loseConnection()


class HTTPFactory(http_protocol.HTTPFactory):
    protocol = Channel

    def __init__(self, server):
        super().__init__(server)
        self.timeOut = KEPT_ALIVE_SECONDS
        self._channels = set()
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def remember(self, channel):
        self._channels.add(channel)
        self._is_empty.clear()

    def forget(self, channel):
        self._channels.discard(channel)
        if not self._channels:
            self._is_empty.set()

    async def end(self):
        """Wait until all requests are answered, and all connections closed."""
        for channel in list(self._channels):
            channel.end()
        await self._is_empty.wait()

    def buildProtocol(self, addr):
        channel = super().buildProtocol(addr)
        channel.requestFactory = Request
        return channel

    def log(self, request):
        """Nothing: Twisted would format a line for nobody."""
