"""What the tests of links share."""

from conversations.actions.refusals import Refusal
from conversations.actions.shares import create_share
from conversations.models import Share
from tests.base import ChatTestCase

Audience = Share.Audience


class SharingTestCase(ChatTestCase):
    def share(self, audience=Audience.ANYONE, **more):
        fields = {"user": self.alice, "conversation": self.conversation}
        return create_share(audience=audience, **fields | more)

    def texts(self, share):
        share.refresh_from_db()
        return [item["text"] for item in share.content]

    def assert_refused(self, code, function, **arguments):
        with self.assertRaises(Refusal) as caught:
            function(**arguments)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.detail
