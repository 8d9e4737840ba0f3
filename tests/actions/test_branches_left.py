"""Each version of a turn remembers where it was left."""

import uuid

from conversations.actions.branches import select_branch
from conversations.actions.messages import edit_message
from conversations.actions.refusals import Refusal
from conversations.actions.replies import regenerate_reply
from conversations.models import Conversation, Generation, LanguageModel, Message
from tests.base import ChatTestCase, add_turn, make_persona


class BranchTestCase(ChatTestCase):
    def setUp(self):
        # Loaded as a view or a consumer does.
        self.reply = self.fresh(self.reply)

    def fresh(self, message):
        rows = Message.objects.select_related("conversation", "parent")
        return rows.select_related("generation__persona_version__persona").get(
            pk=message.pk
        )

    def head(self):
        return Conversation.objects.get(pk=self.conversation.pk).head_id

    def edit(self, message, text="And tea?"):
        posted = edit_message(
            user=self.alice, message=message, text=text, client_id=uuid.uuid4()
        )
        Generation.objects.filter(message=posted.reply).update(state="finished")
        return posted

    def regenerate(self, reply, **choice):
        again = regenerate_reply(user=self.alice, reply=self.fresh(reply), **choice)
        Generation.objects.filter(message=again).update(state="finished")
        return self.fresh(again)


class LeftTests(BranchTestCase):
    def test_each_version_shows_the_leaf_it_was_left_at(self):
        asked, older = add_turn(self.conversation, "And ice?", "Cold.")
        newer = self.edit(asked).reply
        select_branch(user=self.alice, message=asked)
        self.assertEqual(self.head(), older.pk)
        # From here the whole branch is left, with its older version in sight.
        again = self.regenerate(self.reply)
        self.assertEqual(self.head(), again.pk)
        select_branch(user=self.alice, message=self.reply)
        self.assertEqual(self.head(), older.pk)
        self.assertNotEqual(self.head(), newer.pk)
        select_branch(user=self.alice, message=again)
        self.assertEqual(self.head(), again.pk)

    def test_what_was_added_since_to_where_it_was_left_is_shown_too(self):
        again = self.regenerate(self.reply)
        select_branch(user=self.alice, message=self.reply)
        self.conversation.refresh_from_db()
        _, later = add_turn(self.conversation, "And ice?", "Cold.")
        select_branch(user=self.alice, message=again)
        select_branch(user=self.alice, message=self.reply)
        self.assertEqual(self.head(), later.pk)

    def test_selecting_what_is_shown_leaves_it_as_it_is(self):
        add_turn(self.conversation, "And ice?", "Cold.")
        shown = self.head()
        select_branch(user=self.alice, message=self.reply)
        self.assertEqual(self.head(), shown)


class AskingOthersTests(BranchTestCase):
    def test_another_persona_answers_beside_the_first(self):
        critic = make_persona("critic", instructions="Find fault.")
        again = self.regenerate(self.reply, persona_slug="critic")
        self.assertEqual(again.parent_id, self.question.pk)
        self.assertEqual(again.generation.persona_version, critic.version)
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.persona, self.persona)

    def test_the_persona_that_wrote_a_reply_answers_again(self):
        make_persona("critic")
        by_critic = self.regenerate(self.reply, persona_slug="critic")
        self.assertEqual(self.regenerate(by_critic).persona.slug, "critic")

    def test_who_wrote_it_and_is_gone_is_stood_in_for(self):
        critic = make_persona("critic")
        by_critic = self.regenerate(self.reply, persona_slug="critic")
        critic.state = "retired"
        critic.save()
        self.assertEqual(self.regenerate(by_critic).persona, self.persona)

    def test_a_persona_that_is_not_for_them_is_refused(self):
        make_persona("drafted", state="draft")
        for slug in ("drafted", "nobody"):
            with self.subTest(slug), self.assertRaises(Refusal) as refused:
                self.regenerate(self.reply, persona_slug=slug)
            self.assertEqual(refused.exception.code, "no_persona")
        self.assertEqual(Message.objects.count(), 2)

    def test_a_model_is_chosen_by_those_who_edit_personas(self):
        model = LanguageModel.objects.create(
            provider=LanguageModel.objects.default().provider, api_name="other"
        )
        with self.assertRaises(Refusal) as refused:
            self.regenerate(self.reply, model_id=model.pk)
        self.assertEqual(refused.exception.code, "no_model")
        self.alice.is_superuser = True
        again = self.regenerate(self.reply, model_id=model.pk)
        self.assertEqual(again.generation.model, model)
        with self.assertRaises(Refusal):
            self.regenerate(self.reply, model_id=model.pk + 1)
