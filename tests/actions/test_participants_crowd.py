"""The last place of somebody, asked for from several conversations at once."""

import threading
from unittest import mock

from django.db import connection
from django.test import TransactionTestCase

from conversations.actions import participants
from conversations.actions.participants import invite_person
from conversations.actions.refusals import Refusal
from conversations.models import Participant, User
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

    def invite(self, conversation, begin, codes):
        begin.wait()
        try:
            invite_person(conversation=conversation, name="carol")
            codes.append("invited")
        except Refusal as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    def test_nobody_has_more_places_than_there_are(self):
        begin, codes = threading.Barrier(OWNERS), []
        threads = [
            threading.Thread(target=self.invite, args=(conversation, begin, codes))
            for conversation in self.conversations
        ]
        with mock.patch.object(participants, "MOST_PLACES", PLACES):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        expected = ["invited"] * PLACES + ["too_many"] * (OWNERS - PLACES)
        self.assertEqual(sorted(codes), expected)
        self.assertEqual(Participant.objects.filter(user=self.carol).count(), PLACES)
