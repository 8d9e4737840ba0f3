from django.utils.translation import gettext as _

from conversations import events
from conversations.models import Conversation
from conversations.protocol import answers, frames

from .base import SiteConsumer


class MeConsumer(SiteConsumer):
    """The socket that keeps the list of conversations up to date in every tab."""

    async def open(self):
        await self.join(events.user_group(self.user.pk))

    async def handle(self, frame):
        raise frames.FrameError("unknown_type", _("This socket only tells."))

    async def conversation_changed(self, event):
        await self.send_frame(await self.in_database(self._item, event["conversation"]))

    def _item(self, conversation_id):
        found = Conversation.objects.visible_to(self.user).listed()
        conversation = found.filter(pk=conversation_id).first()
        if conversation is None:
            return answers.unlisted(conversation_id)
        return answers.listed(conversation)
