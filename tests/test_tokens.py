"""What the site signs is good for one thing: none of a kind does as one of another."""

import uuid

from django.test import TestCase
from django.utils import timezone

from conversations import listing
from conversations.actions import changes
from conversations.actions.administrators import is_setup_token, make_setup_token
from conversations.actions.refusals import Refusal
from conversations.doctor import proxy
from conversations.models import User
from conversations.transfer import uploads


def is_undo(token):
    try:
        changes.take_back(user=User(pk=1), token=token)
    except Refusal:
        return False
    return True


class TokenTests(TestCase):
    def test_each_is_taken_where_it_belongs_and_nowhere_else(self):
        undo = changes.Change("pinned_at", ((uuid.uuid4(), None),))
        kinds = {
            "setup": (make_setup_token(), is_setup_token),
            "upload": (uploads.make_key(User(pk=1)), uploads.owner_of),
            "undo": (undo.token, is_undo),
            "list": (listing.cursor_after(timezone.now(), 1), listing.row_of),
            "doctor": (proxy.token(), proxy.is_ours),
        }
        for kind, (token, _is_good) in kinds.items():
            for place, (_token, is_good) in kinds.items():
                with self.subTest(kind, place=place):
                    self.assertEqual(bool(is_good(token)), kind == place)
