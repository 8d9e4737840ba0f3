import asyncio
import time

from django.conf import settings

from conversations import events, thread
from conversations.generation import process
from conversations.models import Conversation
from conversations.protocol import answers, frames, verbs

from .base import BAD_FRAMES, NOT_FOUND, TOO_SLOW, SiteConsumer
from .viewing import PATIENCE_SECONDS, Viewing, Window

# After so many bad frames the other side is no page of ours.
MOST_BAD_FRAMES = 100


class ChatConsumer(SiteConsumer):
    """The socket of one open conversation page."""

    async def open(self):
        process.attach()
        process.expect_questions()
        self.conversation_id = self.scope["url_route"]["kwargs"]["conversation_id"]
        self.viewing = Viewing()
        self.window = Window(settings.CHAT_UNACKNOWLEDGED_BYTES)
        self.bad_frames = 0
        self.own_client_ids = set()
        self.watchdog = None
        # The page of a new chat comes before its row, and joins with its first message.
        found = await self.in_database(self._access)
        if found is False:
            await self.close(NOT_FOUND)
        elif found:
            await self._join()

    def _access(self):
        """Return whether they may read it, None while there is no such row."""
        rows = Conversation.objects.filter(pk=self.conversation_id)
        if rows.visible_to(self.user).exists():
            return True
        return False if rows.exists() else None

    async def _join(self):
        await self.join(events.conversation_group(self.conversation_id))

    async def disconnect(self, code):
        await super().disconnect(code)
        if getattr(self, "watchdog", None):
            self.watchdog.cancel()

    # ── from the browser ──────────────────────────────────────────────────────────

    async def receive_json(self, content):
        try:
            frame = frames.parse(content)
        except frames.FrameError as error:
            await self._bad_frame(error)
            return
        try:
            await self._handle(frame)
        except Conversation.DoesNotExist:
            await self._not_found(frame)

    async def _bad_frame(self, error):
        self.bad_frames += 1
        if self.bad_frames > MOST_BAD_FRAMES:
            await self.close(BAD_FRAMES)
        else:
            await self.send_error(error)

    async def _handle(self, frame):
        if frame.type == "ack":
            await self._acknowledge(frame)
        elif frame.type == "sync":
            await self._bring_up_to_date(frame)
        else:
            await self._act(frame)

    async def _act(self, frame):
        if frame.type == "message.send":
            # Joined before the row is there, so that nothing told of it is missed.
            await self._join()
        if "client_id" in frame.fields:
            self.own_client_ids.add(str(frame["client_id"]))
        for answer in await self.in_database(
            verbs.handle, self.user, self.conversation_id, frame
        ):
            await self.send_frame(answer)

    async def _not_found(self, frame):
        """A message of another conversation is an error; ours gone ends the socket."""
        if await self.in_database(self._access):
            detail = {"code": "not_found", "detail": "", **frame.references}
            await self.send_frame({"type": "error", **detail})
        elif frame.type == "sync":
            return  # a new chat has nothing to miss
        else:
            await self.close(NOT_FOUND)

    async def _acknowledge(self, frame):
        had_room = self.window.has_room()
        self.window.acknowledged(frame["message"], frame["seq"])
        if not had_room and self.window.has_room():
            for message_id, viewed in self.viewing.items():
                if viewed.is_waiting:
                    await self._catch_up(message_id)

    async def _bring_up_to_date(self, frame):
        try:
            found, replies = await self.in_database(
                verbs.sync, self.user, self.conversation_id, frame
            )
        except Conversation.DoesNotExist:
            await self._not_found(frame)
            return
        for answer in found:
            await self.send_frame(answer)
        for message in replies:
            await self._go_on(message, frame["seq"].get(message.pk, 0))

    async def _go_on(self, message, seq):
        """Bring a tab that saw frame `seq` up to now, from wherever the reply is."""
        viewed = self._view(message.pk)
        progress = verbs.progress_since(message, seq)
        if progress is None:
            viewed.is_waiting = True
            await self._show(answers.saved_snapshot(message))
            await process.ask_for_snapshot(
                message.pk, message.generation.owner, self.channel_name
            )
            return
        viewed.seq, viewed.is_waiting = seq, False
        for answer in progress:
            await self._show(answer)

    # ── to the browser ────────────────────────────────────────────────────────────

    async def _show(self, frame):
        """Send a frame of a growing reply and count it against the window."""
        self._view(frame["message"]).seq = frame["seq"]
        size = await self.send_frame(frame)
        self.window.sent(frame["message"], frame["seq"], size)

    def _view(self, message_id):
        if self.watchdog is None or self.watchdog.done():
            self.watchdog = asyncio.create_task(self._watch())
        return self.viewing.get(message_id)

    async def generation_progressed(self, event):
        viewed = self._view(event["message"])
        viewed.heard_at = time.monotonic()
        if viewed.is_waiting or event["seq"] <= viewed.seq:
            return
        if not self.window.has_room():
            viewed.is_waiting = True
        elif event["seq"] == viewed.seq + 1:
            await self._show(answers.progressed(event))
        else:
            viewed.is_waiting = True
            await self._catch_up(event["message"])

    async def _catch_up(self, message_id):
        """Send what a tab missed, as one snapshot."""
        if draft := process.draft(message_id):
            self._view(message_id).is_waiting = False
            await self._show(answers.snapshot(draft.snapshot()))
        else:
            await self._look_up(message_id)

    async def snapshot_taken(self, event):
        viewed = self._view(event["message"])
        viewed.heard_at = time.monotonic()
        if viewed.is_waiting and self.window.has_room():
            viewed.is_waiting = False
            await self._show(answers.snapshot(event))

    async def message_posted(self, event):
        if event["client_id"] in self.own_client_ids:
            return
        pks = [event["question"], event["reply"]]
        for message in await self._load(pks):
            await self.send_frame(await self.in_database(answers.shown, message))

    async def generation_ended(self, event):
        for message in await self._load([event["message"]]):
            await self._end(message)

    async def _end(self, message):
        self.viewing.end(message.pk)
        self.window.ended(message.pk)
        await self.send_frame(await self.in_database(answers.ended, message))

    async def branch_selected(self, event):
        """Another tab chose a branch; this one stays where its reader is."""

    async def _load(self, pks):
        try:
            return await self.in_database(self._messages, pks)
        except Conversation.DoesNotExist:
            await self.close(NOT_FOUND)
            return []

    def _messages(self, pks):
        conversation = verbs.find(self.user, self.conversation_id)
        return thread.show_messages(conversation, pks)

    # ── what no event tells ───────────────────────────────────────────────────────

    async def _watch(self):
        """While replies grow: look after the silent, and leave who reads no more."""
        while self.viewing:
            await asyncio.sleep(PATIENCE_SECONDS)
            if self.window.oldest_seconds > settings.CHAT_ACKNOWLEDGE_SECONDS:
                await self.close(TOO_SLOW)
                return
            for message_id in self.viewing.silent():
                if process.draft(message_id) is None:
                    await self._look_up(message_id)

    async def _look_up(self, message_id):
        """Show what the database knows of a reply that is written elsewhere."""
        for message in await self._load([message_id]):
            if not message.generation.is_open:
                await self._end(message)
            elif message.generation.seq > self._view(message_id).seq:
                await self._show(answers.saved_snapshot(message))
            if message.generation.is_open and self._view(message_id).is_waiting:
                await process.ask_for_snapshot(
                    message_id, message.generation.owner, self.channel_name
                )
