from datetime import UTC, datetime

from django.utils.translation import gettext as _

from conversations import events, listing
from conversations.models import Conversation
from conversations.protocol import answers, frames

from .base import SiteConsumer
from .sign_in import active_user


class MeConsumer(SiteConsumer):
    """The socket that keeps the list of conversations up to date in every tab."""

    find_user = staticmethod(active_user)

    async def open(self):
        await self.join(events.user_group(self.user.pk))

    async def handle(self, frame):
        if frame.type != "list.sync":
            raise frames.FrameError("unknown_type", _("There is no such frame here."))
        for answer in await self.in_database(self._changed, frame["since"]):
            await self.send_frame(answer)

    def _changed(self, since):
        moment = datetime.fromtimestamp(since, UTC)
        return [answers.listed(c) for c in listing.changed_since(self.user, moment)]

    async def conversation_changed(self, event):
        await self.send_frame(await self.in_database(self._item, event["conversation"]))

    def _item(self, conversation_id):
        found = Conversation.objects.visible_to(self.user).listed()
        conversation = found.filter(pk=conversation_id).first()
        if conversation is None:
            return answers.unlisted(conversation_id)
        return answers.listed(conversation)
