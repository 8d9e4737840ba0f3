import asyncio
import logging
import time
from contextlib import suppress

from autobahn.exception import Disconnected
from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.utils import translation

from conversations import events, lanes, limits, locales, metrics, tracing
from conversations.lanes import AWAY
from conversations.models import Terms
from conversations.models.limits import limit_of
from conversations.protocol import answers, frames
from conversations.wire import read, spelled

from .closing import (
    BAD_FRAMES,
    COME_BACK,
    SIGN_IN,
    TOO_MANY,
    MayNotStay,
    SignedOut,
    TermsOwed,
)
from .pacing import Pace
from .presence import present
from .sign_in import session_key_of, user_of

# After so many bad frames the other side is no page of ours.
MOST_BAD_FRAMES = 100
# When a page asks again for what the database could not tell.
AGAIN_SECONDS = 1
# How old the last look may be at whether somebody is still signed in.
SIGNED_IN_SECONDS = 5

logger = logging.getLogger(__name__)


class SiteConsumer(AsyncWebsocketConsumer):
    """A socket of somebody who is signed in, answered in their language.

    `user_rows(user_id)` of a subclass returns that user, if active, in a list, together
    with what its `open` wants to know: connecting takes two queries, as after a restart
    everybody does at once.
    """

    user = None
    counted_for = None  # whose sockets it is one of
    is_closing = False
    bad_frames = 0
    signed_in_at = 0.0

    async def __call__(self, scope, receive, send):
        """Dispatch frames and events one at a time, in the order in which they come.

        Channels' own way makes a task for each of them, half of what an event costs.
        """
        self.scope, self.base_send = scope, send
        self.channel_layer = get_channel_layer()
        self.channel_name = await self.channel_layer.new_channel()
        self._turn = asyncio.Lock()
        self._asking = None
        self._joined = []
        self._pace = Pace()
        metrics.socket_opened()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._take(receive))
                both.create_task(self._take(self._next_event))
        except* StopConsumer:
            pass
        finally:
            await self.leave_all()

    async def _take(self, source):
        while True:
            message = await source()
            async with self._turn:
                await self.dispatch(message)

    async def _next_event(self):
        return await self.channel_layer.receive(self.channel_name)

    async def connect(self):
        # A refusal before `accept` reaches the browser as a bare 403, which it
        # retries for ever: accept, then say why.
        await self.accept()
        tracing.begin()
        # Subscribed before anything is read, so that nothing is missed between.
        for group in (events.GAPS, *self.first_groups()):
            await self.join(group)
        self.user = await lanes.sockets.run(self._let_in)
        if self.user is None:
            await self.close(SIGN_IN)
            return
        self.signed_in_at = time.monotonic()
        self.counted_for = self.user.pk
        if limits.sockets.opened(self.user.pk) > self.most_sockets:
            await self.close(TOO_MANY)
            return
        await self.join(events.sign_in_group(self.user.pk))
        present.add(self)
        # What is wrong with a frame is said in this task, without the database.
        translation.activate(self._locale().language)
        await self.open()

    def first_groups(self):
        """Return the groups to join before it is known who this is."""
        return []

    async def open(self):
        """Greet `self.user`; may close instead."""

    async def handle(self, frame):
        """Do what a checked frame says."""

    def is_awaited(self, frame):
        """Whether it answers a frame of ours: there are no more than we send."""
        return False

    async def join(self, group):
        if group not in self._joined:
            self._joined.append(group)
            await self.channel_layer.group_add(group, self.channel_name)

    async def leave(self, group):
        if group in self._joined:
            self._joined.remove(group)
            with suppress(Exception):  # the layer may be away; it forgets alone
                await self.channel_layer.group_discard(group, self.channel_name)

    async def leave_all(self):
        """However this socket came to its end."""
        metrics.socket_closed()
        present.remove(self)
        if self.counted_for is not None:
            limits.sockets.closed(self.counted_for)
        if self._asking is not None:
            self._asking.cancel()
        for group in list(self._joined):
            await self.leave(group)

    @property
    def session_key(self):
        return session_key_of(self.scope["cookies"])

    async def close(self, code=None, reason=None):
        self.is_closing = True
        await super().close(code, reason)

    async def dispatch(self, message):
        """Once we close, what is still in the queue is not for us to act on."""
        if self.is_closing and message["type"] != "websocket.disconnect":
            return
        # Not by way of the class above: for each message it would wait for the database
        # thread, to close old connections there, as every call of ours does itself.
        handler = getattr(self, get_handler_name(message))
        try:
            await handler(message)
        except MayNotStay as out:
            await self.close(out.code)
        except AWAY as error:
            await self._without_database(error)

    async def _without_database(self, error):
        """Go on, as what grows is still shown, and have the page ask again later."""
        logger.error("A socket does without the database: %s", error)
        if self.user is None:
            await self.close(COME_BACK)
            return
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._have_it_ask())

    async def _have_it_ask(self):
        await asyncio.sleep(AGAIN_SECONDS)
        await self.events_missed()

    async def events_missed(self, event=None):
        """Have the page ask for what it misses: events may have been lost."""
        await self.send_frame(answers.missed())

    async def sign_in_changed(self, event):
        """Look at once whether somebody is still signed in here."""
        await lanes.sockets.run(self._look_who_reads)

    # ── frames in ─────────────────────────────────────────────────────────────────

    async def receive(self, text_data=None, bytes_data=None):
        if text_data is None:
            await self.close(BAD_FRAMES)
            return
        tracing.begin()
        try:
            frame = frames.parse(read(text_data))
            if not self.is_awaited(frame):
                await self._pace.wait()
            await self.handle(frame)
        except frames.FrameError as error:
            await self._bad_frame(error)

    async def _bad_frame(self, error):
        self.bad_frames += 1
        if self.bad_frames > MOST_BAD_FRAMES:
            await self.close(BAD_FRAMES)
            return
        await self.send_frame(answers.error(error.code, error.detail, **error.answers))

    # ── frames out ────────────────────────────────────────────────────────────────

    async def send_frame(self, frame, count=None):
        """Send one frame, to a socket that may be gone, once its reader has room.

        `count` is called with its size in bytes before.
        """
        await self.send_text(spelled(frame), count)

    async def send_text(self, text, count=None):
        """The same with a frame that is spelled already."""
        size = len(text) if text.isascii() else len(text.encode())
        if count is not None:
            count(size)
        with suppress(Disconnected):
            await self.base_send({"type": "websocket.send", "text": text})
        metrics.frame_sent(size)

    # ── the database ──────────────────────────────────────────────────────────────

    async def in_database(self, function, *args):
        """Run `function` where queries may be made, in the reader's language.

        Raises MayNotStay when they may not be here any more.
        """
        return await lanes.sockets.run(self._as_reader, function, *args)

    async def check_sign_in(self):
        """Raise MayNotStay when whoever opened this socket may not read any more."""
        if self._looked_long_ago():
            await lanes.sockets.run(self._look_who_reads)

    def _looked_long_ago(self):
        return time.monotonic() - self.signed_in_at > SIGNED_IN_SECONDS

    def _look_who_reads(self):
        now = time.monotonic()
        user = self._find_user()
        if user is None:
            raise SignedOut  # it is still looked after, until it is closed
        self.user, self.signed_in_at = user, now
        _check_terms(user)

    def _as_reader(self, function, *args):
        if self._looked_long_ago():
            self._look_who_reads()
        _check_terms(self.user)
        with self._locale().active():
            return function(*args)

    def _locale(self):
        """How the reader of this socket's page is spoken to: as on the page."""
        headers = dict(self.scope["headers"])
        return locales.of_visitor(
            self.user,
            cookies=self.scope["cookies"],
            accept_language=headers.get(b"accept-language", b"").decode("latin-1"),
        )

    def _let_in(self):
        user = self._find_user()
        if user is not None:
            _check_terms(user)
            self.most_sockets = limit_of(user.pk, "sockets")
        return user

    def _find_user(self):
        return user_of(self.scope["cookies"], self.user_rows)


def _check_terms(user):
    if Terms.owed_by(user):
        raise TermsOwed
