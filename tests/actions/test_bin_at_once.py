"""What somebody writes in, or takes back, while it is about to go, stays."""

import threading
from datetime import timedelta
from unittest import mock

from django.core.cache import cache
from django.db import transaction
from django.test import TransactionTestCase
from django.utils import timezone

from conversations.actions import bin
from conversations.actions.retention import delete_outlived
from conversations.models import Conversation, SiteSettings, User
from tests.at_once import MEETING_SECONDS, do_at_once
from tests.base import make_conversation, make_persona
from tests.patience import PATIENCE_SECONDS

LONG_AGO = timezone.now() - timedelta(days=400)


class BinAtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        alice = User.objects.create_user("alice")
        self.talk = make_conversation(alice, make_persona(), updated_at=LONG_AGO)
        self.is_changed, self.is_picked = threading.Event(), threading.Event()

    def change_while(self, delete, **fields):
        """Change the conversation; commit once `delete` has picked it, if it can."""

        def change():
            with transaction.atomic():
                Conversation.objects.update(**fields)
                self.is_changed.set()
                self.is_picked.wait(MEETING_SECONDS)

        def delete_then():
            self.is_changed.wait(PATIENCE_SECONDS)
            delete()

        def picked(owners, within_bounds=bin._within_bounds):
            self.is_picked.set()
            return within_bounds(owners)

        with mock.patch.object(bin, "_within_bounds", picked):
            self.assertEqual(do_at_once(change, delete_then), [])
        self.assertTrue(Conversation.objects.filter(pk=self.talk.pk).exists())

    def test_what_is_written_in_has_not_outlived_its_days(self):
        SiteSettings(retention_days=30).save()
        self.change_while(delete_outlived, updated_at=timezone.now())

    def test_what_is_taken_out_of_the_bin_stays(self):
        Conversation.objects.update(deleted_at=LONG_AGO)
        self.change_while(bin.delete_due, deleted_at=None)
