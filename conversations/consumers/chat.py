import time
from functools import partial

from django.conf import settings

from conversations import events, reachability, thread
from conversations.generation import process
from conversations.lanes import AWAY
from conversations.models import Conversation
from conversations.protocol import answers, budgets, verbs

from .base import SiteConsumer
from .closing import NOT_FOUND, NotHere
from .sign_in import reader_of
from .viewing import Viewing, Window
from .watching import Watching


class ChatConsumer(Watching, SiteConsumer):
    """The socket of one open conversation page."""

    may_read = False
    asks_again = False  # for more than what was there when it opened

    def first_groups(self):
        self.conversation_id = self.scope["url_route"]["kwargs"]["conversation_id"]
        self.group = events.conversation_group(self.conversation_id)
        return [self.group]

    def user_rows(self, user_id):
        return reader_of(user_id, self.conversation_id)

    async def open(self):
        reachability.passed()
        process.attach()
        process.expect_questions()
        self.viewing = Viewing()
        self.window = Window(settings.CHAT_UNACKNOWLEDGED_BYTES)
        self.own_client_ids = set()
        self.own_choices = []  # messages whose branch was selected here
        self.may_read = self.user.may_read
        if self.may_read:
            return
        # The page of a new chat comes before its row, and joins with its first message.
        await self.leave(self.group)
        if self.user.is_taken:
            await self.close(NOT_FOUND)

    def _find_user(self):
        """Find who may read here; raises NotHere once they may not any more."""
        user = super()._find_user()
        if user is not None and self.may_read and not user.may_read:
            raise NotHere
        return user

    async def dispatch(self, message):
        """Drop what is told of a conversation before it is known whose it is."""
        kind = message["type"]
        is_own = kind.startswith("websocket.") or kind == events.SIGN_IN_CHANGED
        if self.may_read or is_own:
            await super().dispatch(message)

    # ── from the browser ──────────────────────────────────────────────────────────

    async def handle(self, frame):
        try:
            if frame.type == "ack":
                await self._acknowledge(frame)
            elif frame.type == "sync":
                await self._bring_up_to_date(frame)
            else:
                await self._act(frame)
        except Conversation.DoesNotExist:
            await self._not_found(frame)

    def is_awaited(self, frame):
        is_ack = frame.type == "ack"
        return is_ack and self.window.awaits(frame["message"], frame["seq"])

    async def _act(self, frame):
        # Joined before the row is there, so that nothing told of it is missed.
        await self.join(self.group)
        if "client_id" in frame.fields:
            self.own_client_ids.add(str(frame["client_id"]))
        answered = await self._answers(frame)
        if frame.type == "branch.select":
            self.own_choices.append(frame["message"])
        is_accepted = any(a["type"] == "message.accepted" for a in answered)
        if not is_accepted:  # another tab may send it after all
            self.own_client_ids.discard(str(frame.fields.get("client_id")))
        self.may_read = self.may_read or is_accepted
        if not self.may_read:
            await self.leave(self.group)
        await self._tell(answered)

    async def _answers(self, frame):
        """What is sent is answered, though nobody can be asked who may send it."""
        try:
            return await self.in_database(
                verbs.handle, self.user, self.conversation_id, frame
            )
        except AWAY as error:
            await self._without_database(error)
            return [answers.not_saved(**frame.references)]

    async def _not_found(self, frame):
        """A message of another conversation is an error; ours gone ends the socket."""
        user = await self.in_database(self._find_user)
        if user is not None and user.may_read:
            await self.send_frame(answers.not_found(**frame.references))
        elif frame.type != "sync":  # a new chat has nothing to miss
            await self.close(NOT_FOUND)

    async def _acknowledge(self, frame):
        had_room = self.window.has_room()
        self.window.acknowledged(frame["message"], frame["seq"])
        if not had_room and self.window.has_room():
            for message_id, viewed in self.viewing.items():
                if viewed.end_is_due:
                    await self.generation_ended({"message": message_id})
                elif viewed.needs_snapshot:
                    await self._catch_up(message_id)

    async def _bring_up_to_date(self, frame):
        is_first, self.asks_again = not self.asks_again, True
        if is_first and self._has_nothing_new(frame):
            return
        found, replies = await self.in_database(
            verbs.sync, self.user, self.conversation_id, frame
        )
        await self._tell(found)
        for message in replies:
            await self._go_on(message, frame["seq"].get(message.pk, 0))

    def _has_nothing_new(self, frame):
        """Whether a tab that comes back knows all there was when its socket opened.

        What came since was told as it came. It spares three queries where everybody
        comes back at once.
        """
        knows = self.may_read and self.user.head_id == frame["head"]
        knows = knows and frame["title"] in (None, self.user.title)
        return knows and not (self.user.is_replying or frame["seq"])

    async def events_missed(self, event=None):
        self.asks_again = True
        await super().events_missed(event)

    async def _go_on(self, message, seq):
        """Bring a tab that saw frame `seq` up to now, from wherever the reply is."""
        viewed = self._view(message.pk)
        progress = verbs.progress_since(message, seq)
        if progress is None:
            await self._show(answers.saved_snapshot(message))
            await self._ask_owner(message.pk, message.generation.owner)
            return
        viewed.seq, viewed.needs_snapshot = seq, False
        for answer in progress:
            await self._show(answer)

    async def _ask_owner(self, message_id, owner):
        """Have the process that writes the reply send its snapshot to this socket."""
        if owner:  # a reply that waits has none
            self._view(message_id).needs_snapshot = True
            await process.ask_for_snapshot(message_id, owner, self.channel_name)

    # ── to the browser ────────────────────────────────────────────────────────────

    async def _tell(self, frames):
        for frame in frames:
            if frame["type"] == "reply.started":
                self._view(frame["message"])  # looked after from here on
            await self.send_frame(frame)

    async def _show(self, frame):
        """Send a frame of a growing reply and count it against the window."""
        message, seq = frame["message"], frame["seq"]
        self._view(message).seq = seq
        await self.send_frame(frame, partial(self.window.sent, message, seq))

    async def generation_progressed(self, event):
        viewed = self._view(event["message"])
        if event["seq"] <= viewed.seq:
            return
        if viewed.needs_snapshot or event["seq"] != viewed.seq + 1:
            is_news, viewed.needs_snapshot = not viewed.needs_snapshot, True
            await self._catch_up(event["message"])
            if is_news and process.draft(event["message"]) is None:
                await self._look_up(event["message"])
        elif self.window.has_room():
            viewed.heard_at, viewed.seq = time.monotonic(), event["seq"]
            sent = partial(self.window.sent, event["message"], event["seq"])
            await self.send_text(event["text"], sent)
        else:
            viewed.needs_snapshot = True

    async def _catch_up(self, message_id):
        """Send what a tab missed of a reply written here, as one snapshot.

        What another process writes comes from there, or is looked up by the watchdog.
        """
        draft = process.draft(message_id)
        if draft is not None and self.window.has_room():
            viewed = self._view(message_id)
            viewed.needs_snapshot, viewed.heard_at = False, time.monotonic()
            await self._show(answers.snapshot(draft.snapshot()))

    async def conversation_changed(self, event):
        """Its title or its place has changed; or it is gone."""
        if event.get("reader") not in (None, self.user.pk):
            return  # each has their own place
        try:
            frame = await self.in_database(_changed, self.user, self.conversation_id)
        except Conversation.DoesNotExist:
            await self.close(NOT_FOUND)
        else:
            await self.send_frame(frame)

    async def access_changed(self, event):
        """Somebody takes no part in it any more."""
        if event["user"] == self.user.pk:
            await self.sign_in_changed(event)

    async def branch_selected(self, event):
        if event["user"] != self.user.pk:
            return  # each has their own
        if event["message"] in self.own_choices:
            self.own_choices.remove(event["message"])
        else:
            await self.check_sign_in()
            await self.send_frame(answers.branch_selected(event))

    async def snapshot_taken(self, event):
        viewed = self._view(event["message"])
        if viewed.needs_snapshot and self.window.has_room():
            viewed.needs_snapshot, viewed.heard_at = False, time.monotonic()
            await self._show(answers.snapshot(event))

    async def message_posted(self, event):
        if event["client_id"] in self.own_client_ids:
            self.own_client_ids.discard(event["client_id"])
            return
        posted = [pk for pk in (event["question"], event["reply"]) if pk]
        await self._tell(await self._drawn(drawn_beside_others, posted))

    async def generation_ended(self, event):
        if not self.window.has_room():
            self._view(event["message"]).end_is_due = True
            return
        for ended, *left in await self._drawn(self._ended, [event["message"]]):
            await self._end(ended)
            for frame in left:
                await self.send_frame(frame)

    def _ended(self, message):
        """Its end, and what the budgets have left after it."""
        left = budgets.frames_in(self.user, self.conversation_id)
        return [answers.ended(message), *left]

    async def _end(self, frame):
        self.viewing.end(frame["message"])
        self.window.ended(frame["message"])
        await self.send_frame(frame)

    async def _drawn(self, draw, pks):
        """Return what `draw` makes of these messages; none of a conversation gone."""
        try:
            return await self.in_database(self._draw, draw, pks)
        except Conversation.DoesNotExist:
            await self.close(NOT_FOUND)
            return []

    def _draw(self, draw, pks):
        return [draw(m) for m in thread.show_to(self.user, self.conversation_id, pks)]


def drawn_beside_others(message):
    """A message that was posted elsewhere, and the counters of its older versions."""
    return answers.shown(message, thread.siblings(message))


def _changed(user, conversation_id):
    return answers.conversation_changed(verbs.find(user, conversation_id))
