from datetime import timedelta
from unittest import mock

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone

from conversations.actions import tries
from conversations.actions.accounts import remove_account
from conversations.actions.shares import (
    MOST_LINKS,
    continue_share,
    renew_share,
    revoke_share,
)
from conversations.models import Conversation, Message, Persona, Share
from tests.base import add_turn, make_conversation, make_persona

from .sharing import Audience, SharingTestCase

NOBODY = AnonymousUser()


class CreateShareTests(SharingTestCase):
    def setUp(self):
        cache.clear()

    def test_a_token_cannot_be_guessed(self):
        tokens = {self.share().token for _ in range(10)}
        self.assertEqual(len(tokens), 10)
        for token in tokens:  # six bits a character
            self.assertGreaterEqual(6 * len(token), 128)

    def test_so_many_are_made_and_renewed_in_a_minute_only(self):
        """Each renders the whole branch."""
        with override_settings(LIMIT_MESSAGES_PER_MINUTE=2):
            share = self.share()
            renew_share(share=share)
            self.assert_refused("too_fast", renew_share, share=share)
            revoke_share(share=share)
            self.assert_refused("too_fast", self.share)

    def test_people_are_chosen_by_their_names(self):
        self.bob.username = "Bob"
        self.bob.save()
        names = ["bob", "carol", "carol"]
        share = self.share(Audience.CHOSEN, reader_names=names)
        self.assertEqual(set(share.readers.all()), {self.bob, self.carol})

    def test_of_two_names_alike_the_one_written_is_meant(self):
        self.bob.username = "Carol"
        self.bob.save()
        share = self.share(Audience.CHOSEN, reader_names=["carol"])
        self.assertEqual(list(share.readers.all()), [self.carol])

    def test_names_of_nobody_are_told(self):
        self.carol.is_active = False
        self.carol.save()
        names = ["bob", "dave", "carol"]
        said = self.assert_refused(
            "unknown_reader", self.share, audience=Audience.CHOSEN, reader_names=names
        )
        self.assertIn("“dave” or “carol”", said)
        with mock.patch.object(tries, "MOST_TRIES", 3):  # two were tried
            chosen = {"audience": Audience.CHOSEN, "reader_names": ["bob", "x", "y"]}
            self.assert_refused("too_often", self.share, **chosen)
        self.assertFalse(Share.objects.exists())

    def test_somebody_else_must_be_chosen(self):
        for names in ([], ["alice"]):
            self.assert_refused(
                "no_reader", self.share, audience=Audience.CHOSEN, reader_names=names
            )

    def test_too_many_links_are_refused(self):
        Share.objects.bulk_create(
            Share(conversation=self.conversation, author=self.alice, content=[])
            for _ in range(MOST_LINKS)
        )
        self.assert_refused("too_many", self.share)

    def test_an_empty_conversation_is_not_shared(self):
        empty = make_conversation(self.alice, self.persona)
        self.assert_refused("nothing", self.share, conversation=empty)

    def test_the_site_limits_the_audiences(self):
        with override_settings(SHARING="signed_in"):
            self.assert_refused("not_offered", self.share)
            self.share(Audience.SIGNED_IN)
        with override_settings(SHARING="off"):
            for audience in Audience:
                self.assert_refused("not_offered", self.share, audience=audience)


class VisibleToTests(SharingTestCase):
    def assert_seen_by(self, share, *people):
        everybody = (self.alice, self.bob, self.carol, NOBODY)
        seen = [p for p in everybody if Share.objects.visible_to(p).contains(share)]
        self.assertEqual(seen, list(people))

    def test_each_audience(self):
        everybody = (self.alice, self.bob, self.carol, NOBODY)
        self.assert_seen_by(self.share(Audience.ANYONE), *everybody)
        self.assert_seen_by(self.share(Audience.SIGNED_IN), *everybody[:3])
        chosen = self.share(Audience.CHOSEN, reader_names=["bob"])
        self.assert_seen_by(chosen, self.alice, self.bob)

    def test_the_site_limits_links_that_were_made_before(self):
        shares = [self.share(Audience.ANYONE), self.share(Audience.SIGNED_IN)]
        with override_settings(SHARING="signed_in"):
            for share in shares:
                self.assert_seen_by(share, self.alice, self.bob, self.carol)
        with override_settings(SHARING="off"):
            for share in shares:
                self.assert_seen_by(share)

    def test_rests_while_the_conversation_is_in_the_bin(self):
        share = self.share()
        conversations = Conversation.objects.filter(pk=self.conversation.pk)
        conversations.update(deleted_at=timezone.now())
        self.assert_seen_by(share)
        conversations.update(deleted_at=None)
        self.assert_seen_by(share, self.alice, self.bob, self.carol, NOBODY)

    def test_ends_with_a_temporary_conversation_though_nobody_has_cleared_it(self):
        share = self.share()
        past = timezone.now() - timedelta(seconds=1)
        Conversation.objects.update(expires_at=past)
        self.assert_seen_by(share)
        Conversation.objects.update(expires_at=past + timedelta(hours=1))
        self.assert_seen_by(share, self.alice, self.bob, self.carol, NOBODY)

    def test_ends_with_the_account_of_who_made_it(self):
        share = self.share()
        self.alice.is_active = False
        self.alice.save()
        self.assert_seen_by(share)


class RenewAndRevokeTests(SharingTestCase):
    def test_the_same_link_shows_what_is_there_now(self):
        share = self.share()
        token, taken_at = share.token, share.taken_at
        add_turn(self.conversation, "And ice?", "Cold.")
        share.conversation.refresh_from_db()
        renew_share(share=share)
        self.assertEqual(self.texts(share)[2:], ["And ice?", "Cold."])
        self.assertEqual(share.token, token)
        self.assertGreater(share.taken_at, taken_at)

    def test_renewing_does_not_bring_back_what_was_taken_back(self):
        share = self.share()
        revoke_share(share=Share.objects.get(pk=share.pk))
        renew_share(share=share)
        self.assertFalse(Share.objects.exists())

    def test_goes_with_its_conversation(self):
        self.share()
        self.conversation.delete()
        self.assertFalse(Share.objects.exists())


class ContinueShareTests(SharingTestCase):
    def go_on(self, share, user=None, **more):
        return continue_share(user=user or self.bob, share=share, **more)

    def branch(self, conversation):
        conversation.refresh_from_db()
        found, message = [], conversation.head
        while message:
            found.insert(0, message)
            message = message.parent
        return found

    def test_the_copy_is_ones_own(self):
        add_turn(self.conversation, "And ice?", "Cold.")
        mine = self.go_on(self.share())
        self.assertEqual((mine.owner, mine.title), (self.bob, "A talk"))
        branch = self.branch(mine)
        texts = ["What is water?", "A **drink**.", "And ice?", "Cold."]
        self.assertEqual([message.text for message in branch], texts)
        self.assertEqual([m.author for m in branch], [self.bob, None, self.bob, None])
        self.assertIn("<strong>drink</strong>", branch[1].html)
        self.assertEqual(branch[1].generation.state, "finished")
        self.assertEqual(branch[1].generation.persona_version, self.persona.version)
        self.assertEqual(self.conversation.messages.count(), 4)

    def test_a_copy_of_what_several_wrote_keeps_their_names(self):
        Conversation.objects.update(has_people=True)
        self.conversation.refresh_from_db()
        asked, _reply = add_turn(self.conversation, "And ice?", "Cold.")
        Message.objects.filter(pk=asked.pk).update(author=self.carol)
        for named, expected in (
            (True, ["alice", "carol"]),
            (False, ["Person 1", "Person 2"]),
        ):
            with self.subTest(named):
                mine = self.go_on(self.share(shows_author=named))
                said = [m for m in self.branch(mine) if not m.is_reply]
                self.assertEqual([m.written_by for m in said], expected)
                self.assertEqual([m.author for m in said], [None, None])
                self.assertTrue(mine.has_people)

    def test_who_is_gone_is_named_in_no_copy(self):
        Conversation.objects.update(has_people=True)
        self.conversation.refresh_from_db()
        asked, _reply = add_turn(self.conversation, "And ice?", "Cold.")
        Message.objects.filter(pk=asked.pk).update(author=self.carol)
        mine = self.go_on(self.share(shows_author=True))
        remove_account(self.carol)
        said = [m for m in self.branch(mine) if not m.is_reply]
        self.assertEqual([m.written_by for m in said], ["alice", ""])

    def test_twice_is_two_copies(self):
        share = self.share()
        self.assertNotEqual(self.go_on(share).pk, self.go_on(share).pk)

    def test_goes_on_with_the_persona_that_wrote_if_one_may(self):
        other = make_persona("other")
        self.assertEqual(self.go_on(self.share()).persona, self.persona)
        chosen = self.go_on(self.share(), persona_slug="other")
        self.assertEqual(chosen.persona, other)
        Persona.objects.filter(pk=self.persona.pk).update(state="retired")
        copy = self.go_on(self.share())
        self.assertEqual(copy.persona, other)
        version = self.branch(copy)[1].generation.persona_version
        self.assertEqual(version, self.persona.version)

    def test_a_persona_that_one_may_not_use_is_refused(self):
        make_persona("draft", state=Persona.State.DRAFT)
        arguments = {"share": self.share(), "persona_slug": "draft"}
        self.assert_refused("no_persona", self.go_on, **arguments)
        Persona.objects.update(state="retired")
        self.assert_refused("no_persona", self.go_on, share=self.share())
        self.assertFalse(self.bob.conversations.exists())

    def test_a_reply_without_its_end_can_be_continued(self):
        _, reply = add_turn(self.conversation, "And ice?", None)
        Message.objects.filter(pk=reply.pk).update(text="It is c")
        last = self.branch(self.go_on(self.share()))[-1]
        self.assertEqual(last.generation.state, "interrupted")
        self.assertTrue(last.generation.may_continue)
