"""What one person does twice at once counts as twice: no limit is passed so."""

import uuid
from contextlib import contextmanager
from functools import partial
from unittest import mock

from django.core.cache import cache
from django.db.models.signals import pre_save
from django.test import TransactionTestCase, override_settings

from conversations.actions import replies
from conversations.actions.accounts import remove_account
from conversations.actions.administrators import create_administrator
from conversations.actions.folders import create_folder
from conversations.actions.invitations import use_invitation
from conversations.actions.messages import post_message
from conversations.actions.refusals import Refusal
from conversations.actions.reports import report_message
from conversations.actions.shares import create_share
from conversations.actions.snippets import save_snippet
from conversations.actions.transfers import start_export
from conversations.generation import claiming
from conversations.models import (
    Folder,
    Generation,
    Invitation,
    LanguageModel,
    Report,
    Share,
    Snippet,
    Transfer,
    User,
)
from tests.at_once import Meeting, do_at_once
from tests.base import add_turn, make_conversation, make_persona

ACTIONS = "conversations.actions"


class AtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        self.alice = User.objects.create_user("alice")
        self.persona = make_persona()
        self.talk = make_conversation(self.alice, self.persona)
        _, self.reply = add_turn(self.talk, "What is water?", "A drink.")
        self.meeting = Meeting()
        LanguageModel.objects.default()  # made by the first who asks: others wait

    def expect_one(self, model, act):
        """Do it twice at once; one is saved, and the other, if refused, by a limit.

        Either goes on once both are about to be saved, if they can.
        """
        before = model.objects.count()
        with self.meeting_before(model):
            raised = do_at_once(partial(act, 0), partial(act, 1))
        faults = [error for error in raised if not isinstance(error, Refusal)]
        self.assertEqual(faults, [])
        self.assertEqual(model.objects.count() - before, 1)

    def test_one_of_two_is_the_first_administrator(self):
        def become(number):
            create_administrator(username=f"root{number}", email="", password="secret")

        self.expect_one(User, become)

    @contextmanager
    def meeting_before(self, model):
        """Have who is about to save a `model` wait for the other."""
        pre_save.connect(self.meeting.wait, sender=model)
        try:
            yield
        finally:
            pre_save.disconnect(self.meeting.wait, sender=model)

    def test_one_who_comes_twice_by_an_invitation_takes_one_place(self):
        invitation = Invitation.objects.create(most_uses=2)
        found = Invitation.objects.usable()
        with mock.patch(f"{ACTIONS}.invitations.Invitation.objects.usable") as usable:
            usable.side_effect = lambda: self.meeting.wait() or found.all()
            use = partial(use_invitation, invitation=invitation, user=self.alice)
            self.assertEqual(do_at_once(use, use), [])
        invitation.refresh_from_db()
        self.assertEqual(invitation.uses, 1)

    def test_one_of_two_administrators_stays(self):
        two = [User.objects.create_superuser(name) for name in ("ben", "cem")]
        with self.meeting_before(User):
            raised = do_at_once(*(partial(remove_account, user) for user in two))
        self.assertEqual([error.code for error in raised], ["last_administrator"])

    @mock.patch(f"{ACTIONS}.shares.MOST_LINKS", 1)
    def test_one_of_two_links_is_made(self):
        share = {"user": self.alice, "conversation": self.talk, "audience": "anyone"}
        self.expect_one(Share, lambda number: create_share(**share))

    @mock.patch(f"{ACTIONS}.folders.MOST_FOLDERS", 1)
    def test_one_of_two_folders_is_made(self):
        self.expect_one(
            Folder, lambda number: create_folder(user=self.alice, name=f"{number}")
        )

    @mock.patch(f"{ACTIONS}.snippets.MOST_SNIPPETS", 1)
    def test_one_of_two_prompts_is_saved(self):
        self.expect_one(
            Snippet,
            lambda number: save_snippet(
                snippet=Snippet(owner=self.alice), name=f"{number}", text="Hi"
            ),
        )

    def test_one_of_two_reports_is_taken(self):
        report = {"user": self.alice, "message": self.reply, "reason": "other"}
        self.expect_one(Report, lambda number: report_message(**report))

    def test_a_link_and_a_reply_in_one_conversation_do_not_wait_for_each_other(self):
        take_turn = replies.take_turn

        def take_turn_together(user_id):
            self.meeting.wait()
            take_turn(user_id)

        share = {"user": self.alice, "conversation": self.talk, "audience": "anyone"}
        acts = [
            partial(create_share, **share),
            partial(replies.regenerate_reply, user=self.alice, reply=self.reply),
        ]
        with (
            self.meeting_before(Share),
            mock.patch.object(replies, "take_turn", take_turn_together),
        ):
            self.assertEqual(do_at_once(*acts), [])
        self.assertEqual(self.talk.shares.count(), 1)
        self.assertEqual(self.talk.messages.count(), 3)

    def test_one_of_two_exports_begins(self):
        self.expect_one(Transfer, lambda number: start_export(user=self.alice))

    @override_settings(CHAT_MAX_OPEN_REPLIES=1)
    def test_one_of_two_replies_begins(self):
        enter = claiming.enter

        def enter_together(generation):
            # What is saved on the way of every message gives no signal.
            self.meeting.wait()
            return enter(generation)

        with mock.patch.object(claiming, "enter", enter_together):
            self.expect_one(
                Generation,
                lambda number: post_message(
                    user=self.alice,
                    conversation_id=uuid.uuid4(),
                    text="Hello",
                    client_id=uuid.uuid4(),
                    persona_slug="helper",
                ),
            )
