"""What a link shows: a branch as it was, and who is named in it."""

from conversations.actions.branches import select_branch
from conversations.models import Conversation, Generation, Message
from tests.base import add_turn, make_conversation

from .sharing import SharingTestCase


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
