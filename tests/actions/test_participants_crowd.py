"""The last place of somebody, asked for from several conversations at once."""

from functools import partial
from unittest import mock

from django.test import TransactionTestCase

from conversations.actions import participants
from conversations.actions.participants import invite_person
from conversations.actions.refusals import Refusal
from conversations.models import Participant, User
from tests.at_once import do_at_once
from tests.base import make_conversation, make_persona

# Many, so that some meet.
OWNERS, PLACES = 8, 2


class LastPlaceTests(TransactionTestCase):
    def setUp(self):
        self.carol = User.objects.create_user("carol")
        persona = make_persona()
        self.conversations = [
            make_conversation(User.objects.create_user(f"owner{n}"), persona)
            for n in range(OWNERS)
        ]

    def test_nobody_has_more_places_than_there_are(self):
        acts = [
            partial(invite_person, conversation=conversation, name="carol")
            for conversation in self.conversations
        ]
        with mock.patch.object(participants, "MOST_PLACES", PLACES):
            raised = do_at_once(*acts)
        self.assertEqual({type(error) for error in raised}, {Refusal})
        codes = [refusal.code for refusal in raised]
        self.assertEqual(codes, ["too_many"] * (OWNERS - PLACES))
        self.assertEqual(Participant.objects.filter(user=self.carol).count(), PLACES)
