"""What the tests of where a link leads share."""

from conversations.actions.shares import create_share
from tests.base import ChatTestCase


class SharedTestCase(ChatTestCase):
    def share(self, audience="anyone", **more):
        fields = {"user": self.alice, "conversation": self.conversation}
        return create_share(audience=audience, **fields | more)

    def see(self, share, person=None):
        """Open the link as `person`, as nobody unless told."""
        self.client.logout()
        if person:
            self.client.force_login(person)
        return self.client.get(share.get_absolute_url())
