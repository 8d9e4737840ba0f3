import json
from contextlib import suppress

from autobahn.exception import Disconnected
from channels.db import database_sync_to_async
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.utils import translation

from conversations.protocol import answers

BAD_FRAMES = 4400
SIGN_IN = 4401
NOT_FOUND = 4404
TOO_SLOW = 4408


class SiteConsumer(AsyncJsonWebsocketConsumer):
    """A socket of somebody who is signed in, answered in their language."""

    group = None

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

    async def join(self, group):
        if self.group is None:
            self.group = group
            await self.channel_layer.group_add(group, self.channel_name)

    async def disconnect(self, code):
        if self.group is not None:
            with suppress(ChannelFull):
                await self.channel_layer.group_discard(self.group, self.channel_name)

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

    async def send_frame(self, frame):
        """Send one frame and return its size; a socket already gone takes none.

        Raises TimeoutError when the reader has stopped reading, which ends the socket.
        """
        text = await self.encode_json(frame)
        with suppress(Disconnected):
            await self.send(text_data=text)
        return len(text)

    async def send_error(self, error):
        await self.send_frame(answers.error(error.code, error.detail, **error.answers))

    async def in_database(self, function, *args):
        """Run `function` where queries may be made, in the reader's language."""
        return await database_sync_to_async(self._speaking)(function, *args)

    def _speaking(self, function, *args):
        with translation.override(self.user.language or translation.get_language()):
            return function(*args)
