from datetime import UTC, datetime

from django.utils.translation import gettext as _

from conversations import events
from conversations.protocol import frames, lists, notices

from .base import SiteConsumer
from .sign_in import active_user


class MeConsumer(SiteConsumer):
    """The socket that keeps the list of conversations up to date in every tab."""

    user_rows = staticmethod(active_user)

    async def open(self):
        await self.join(events.user_group(self.user.pk))
        await self.join(events.EVERYBODY)

    async def handle(self, frame):
        if frame.type != "list.sync":
            raise frames.FrameError("unknown_type", _("There is no such frame here."))
        since = datetime.fromtimestamp(frame["since"], UTC)
        await self._tell(_missed, since)

    async def conversation_changed(self, event):
        await self._tell(lists.changed, [event["conversation"]])

    async def conversations_changed(self, event):
        await self._tell(lists.changed, event["conversations"])

    async def folders_changed(self, event):
        await self.send_frame(lists.folders_changed())

    async def notices_changed(self, event):
        await self.send_frame({"type": "notices.changed"})

    async def _tell(self, draw, *args):
        """Send the frames of `draw(user, …)`."""
        for answer in await self.in_database(self._drawn, draw, *args):
            await self.send_frame(answer)

    def _drawn(self, draw, *args):
        return draw(self.user, *args)  # whoever that is by now


def _missed(user, since):
    """Return the frames for what `user` was not told since."""
    return [notices.known(user), *lists.changed_since(user, since)]
