import asyncio

from django.conf import settings

from conversations import events
from conversations.generation import process
from conversations.lanes import AWAY
from conversations.protocol import answers

from .closing import TOO_SLOW, MayNotStay
from .viewing import ALONE_SECONDS, PATIENCE_SECONDS


class Watching:
    """Mixed into ChatConsumer: while replies grow, it sees to what no event tells."""

    watchdog = None

    async def leave_all(self):
        if self.watchdog is not None:
            self.watchdog.cancel()
        await super().leave_all()

    def _view(self, message_id):
        if self.watchdog is None or self.watchdog.done():
            self.watchdog = asyncio.create_task(self._watch())
        return self.viewing.get(message_id)

    async def _watch(self):
        """While replies grow: look after the silent, and leave who reads no more.

        Showing something may wait for the reader; the clock does not.
        """
        looking = None
        try:
            while self.viewing and not self.is_closing:
                patience = PATIENCE_SECONDS if events.is_reachable() else ALONE_SECONDS
                await asyncio.sleep(patience)
                if self.window.oldest_seconds > settings.CHAT_ACKNOWLEDGE_SECONDS:
                    await self.close(TOO_SLOW)
                elif looking is None or looking.done():
                    looking = asyncio.create_task(self._look_after_silent(patience))
        finally:
            if looking is not None:
                looking.cancel()

    async def _look_after_silent(self, patience):
        try:
            async with self._turn:  # what is read here must not overtake an event
                await self.check_sign_in()
                for message_id in self.viewing.silent(patience):
                    await self._look_after(message_id)
        except MayNotStay as out:
            await self.close(out.code)
        except AWAY as error:
            await self._without_database(error)

    async def _look_after(self, message_id):
        """Show what is known of a reply of which no event came."""
        draft = process.draft(message_id)
        if draft is None:
            await self._look_up(message_id)
        elif draft.seq > self._view(message_id).seq:
            await self._catch_up(message_id)

    async def _look_up(self, message_id):
        """Show what the database knows of a reply that is not written here."""
        if not self.window.has_room():
            return
        for frame, owner in await self._drawn(drawn_as_saved, [message_id]):
            if frame["type"] == "reply.ended":
                await self._end(frame)
                continue
            if frame["seq"] > self._view(message_id).seq:
                await self._show(frame)
            await self._ask_owner(message_id, owner)


def drawn_as_saved(message):
    """What the database knows of a reply, and the process that writes it."""
    generation = message.generation
    draw = answers.saved_snapshot if generation.is_open else answers.ended
    return draw(message), generation.owner
