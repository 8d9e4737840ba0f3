from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.test import override_settings
from django.utils import timezone

from conversations.actions.branches import select_branch
from conversations.actions.refusals import Refusal
from conversations.actions.shares import (
    MOST_LINKS,
    continue_share,
    create_share,
    renew_share,
    revoke_share,
)
from conversations.models import Conversation, Generation, Message, Persona, Share
from tests.base import ChatTestCase, add_turn, make_conversation, make_persona

NOBODY = AnonymousUser()
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


class SnapshotTests(SharingTestCase):
    def test_holds_the_branch_that_is_selected(self):
        Message.objects.filter(pk=self.reply.pk).update(text="The first answer.")
        other = Message.objects.create(
            conversation=self.conversation, parent=self.question, role="assistant"
        )
        Generation.objects.create(
            message=other, persona_version=self.persona.version, state="finished"
        )
        select_branch(user=self.alice, message=other)
        self.conversation.refresh_from_db()
        self.assertEqual(self.texts(self.share()), ["What is water?", ""])

    def test_holds_the_branch_that_is_named(self):
        add_turn(self.conversation, "And ice?", "Cold.")
        share = self.share(head_id=self.reply.pk)
        self.assertEqual(self.texts(share), ["What is water?", "A **drink**."])

    def test_a_message_of_another_conversation_is_no_branch(self):
        other = make_conversation(self.bob, self.persona)
        _, reply = add_turn(other, "A secret?", "Yes.")
        self.assert_refused("nothing", self.share, head_id=reply.pk)

    def test_does_not_grow_with_the_conversation(self):
        share = self.share()
        add_turn(self.conversation, "And ice?", "Cold.")
        self.assertEqual(len(self.texts(share)), 2)

    def test_a_reply_that_is_being_written_is_taken_as_it_was_saved(self):
        _, reply = add_turn(self.conversation, "And ice?", None)
        Message.objects.filter(pk=reply.pk).update(text="It is c")
        last = self.share().content[-1]
        self.assertEqual((last["text"], last["state"]), ("It is c", "queued"))

    def test_holds_no_id_no_time_and_no_thought(self):
        Message.objects.filter(pk=self.reply.pk).update(
            text="Yes.[^1]\n\n[^1]: A note.", reasoning="Let me think."
        )
        share = self.share()
        kept = {"role", "author", "persona", "model", "text", "state", "html"}
        self.assertEqual([set(item) for item in share.content], [kept, kept])
        self.assertIn('id="message-2-fn', share.content[1]["html"])
        self.assertNotIn("Let me think", str(share.content))

    def test_of_several_people_each_is_told_apart(self):
        Conversation.objects.update(has_people=True)
        self.conversation.refresh_from_db()
        asked, _reply = add_turn(self.conversation, "And ice?", "Cold.")
        Message.objects.filter(pk=asked.pk).update(author=self.bob)

        def named(**more):
            return [i["author"] for i in self.share(**more).content if not i["persona"]]

        self.assertEqual(named(), [1, 2])
        self.assertEqual(named(shows_author=True), ["alice", "bob"])

    def test_names_the_author_only_when_they_say_so(self):
        names = [item["author"] for item in self.share().content]
        self.assertEqual(names, [None, None])
        names = [item["author"] for item in self.share(shows_author=True).content]
        self.assertEqual(names, ["alice", None])

    def test_markup_is_text_and_line_ends_are_kept(self):
        Message.objects.filter(pk=self.question.pk).update(text="<script>\nhere")
        html = self.share().content[0]["html"]
        self.assertNotIn("<script", html)
        self.assertIn("<br", html)


class CreateShareTests(SharingTestCase):
    def test_a_token_cannot_be_guessed(self):
        tokens = {self.share().token for _ in range(10)}
        self.assertEqual(len(tokens), 10)
        for token in tokens:  # six bits a character
            self.assertGreaterEqual(6 * len(token), 128)

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
