import json
import time
from contextlib import suppress

from autobahn.exception import Disconnected
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth import HASH_SESSION_KEY
from django.utils import translation
from django.utils.crypto import constant_time_compare

from conversations.models import User
from conversations.protocol import answers, frames

BAD_FRAMES = 4400
SIGN_IN = 4401
NOT_FOUND = 4404
TOO_SLOW = 4408

# After so many bad frames the other side is no page of ours.
MOST_BAD_FRAMES = 100
# How old the last look may be at whether somebody is still signed in.
SIGNED_IN_SECONDS = 5


class SignedOut(Exception):
    """Whoever opened this socket has signed out, or was shut out, since."""


class SiteConsumer(AsyncJsonWebsocketConsumer):
    """A socket of somebody who is signed in, answered in their language."""

    group = None
    is_closing = False
    bad_frames = 0
    signed_in_at = 0.0

    async def connect(self):
        # A refusal before `accept` reaches the browser as a bare 403, which it
        # retries for ever: accept, then say why.
        await self.accept()
        self.user = self.scope["user"]
        if not (self.user.is_authenticated and self.user.is_active):
            await self.close(SIGN_IN)
            return
        await self.open()

    async def open(self):
        """Join the groups; may close instead."""

    async def handle(self, frame):
        """Do what a checked frame says."""

    async def join(self, group):
        if self.group is None:
            self.group = group
            await self.channel_layer.group_add(group, self.channel_name)

    async def disconnect(self, code):
        if self.group is not None:
            with suppress(Exception):  # the channel layer may be away; it forgets alone
                await self.channel_layer.group_discard(self.group, self.channel_name)

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
        except SignedOut:
            await self.close(SIGN_IN)

    # ── frames in ─────────────────────────────────────────────────────────────────

    @classmethod
    async def decode_json(cls, text):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None  # no object, and so no frame

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        if text_data is None:
            await self.close(BAD_FRAMES)
        else:
            await super().receive(text_data=text_data)

    async def receive_json(self, content):
        try:
            await self.handle(frames.parse(content))
        except frames.FrameError as error:
            await self._bad_frame(error)

    async def _bad_frame(self, error):
        self.bad_frames += 1
        if self.bad_frames > MOST_BAD_FRAMES:
            await self.close(BAD_FRAMES)
            return
        await self.send_frame(answers.error(error.code, error.detail, **error.answers))

    # ── frames out ────────────────────────────────────────────────────────────────

    async def send_frame(self, frame):
        """Send one frame and return its size; a socket already gone takes none.

        Raises TimeoutError when the reader has stopped reading, which ends the socket.
        """
        text = await self.encode_json(frame)
        with suppress(Disconnected):
            await self.send(text_data=text)
        return len(text)

    # ── the database ──────────────────────────────────────────────────────────────

    async def in_database(self, function, *args):
        """Run `function` where queries may be made, in the reader's language.

        Raises SignedOut when they may not be here any more.
        """
        return await database_sync_to_async(self._as_reader)(function, *args)

    def _as_reader(self, function, *args):
        now = time.monotonic()
        if now - self.signed_in_at > SIGNED_IN_SECONDS:
            if not self._is_signed_in():
                raise SignedOut
            self.signed_in_at = now
        with translation.override(self.user.language or translation.get_language()):
            return function(*args)

    def _is_signed_in(self):
        """Whether the account is active and the session is there, with its password."""
        user = User.objects.filter(pk=self.user.pk, is_active=True).first()
        session = self.scope.get("session")
        if user is None or session is None:
            return user is not None
        known = session.get(HASH_SESSION_KEY, "")
        return session.exists(session.session_key) and constant_time_compare(
            known, user.get_session_auth_hash()
        )
