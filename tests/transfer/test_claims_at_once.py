"""Two processes that look for work at once run one of a person's transfers."""

from unittest import mock

from django.test import TransactionTestCase

from conversations.models import Transfer, User
from conversations.transfer import jobs
from tests.at_once import Meeting, do_at_once


class ClaimsAtOnceTests(TransactionTestCase):
    def test_a_person_has_one_at_a_time(self):
        alice = User.objects.create_user("alice")
        first = Transfer.objects.create(owner=alice, kind="import")
        second = Transfer.objects.create(owner=alice, kind="import")
        meeting, claim_this = Meeting(), jobs._claim_this

        def once_both_have_looked(pk, owner_id):
            meeting.wait()
            return claim_this(pk, owner_id)

        with mock.patch.object(jobs, "_claim_this", once_both_have_looked):
            self.assertEqual(do_at_once(jobs.claim, jobs.claim), [])
        running = Transfer.objects.filter(state=Transfer.State.RUNNING)
        self.assertEqual([*running], [first])
        second.refresh_from_db()
        self.assertEqual(second.state, Transfer.State.QUEUED)
