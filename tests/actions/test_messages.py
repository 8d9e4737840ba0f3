import uuid
from unittest import mock

from django.db import connection
from django.test import TransactionTestCase, override_settings

from conversations import rendering
from conversations.actions.messages import edit_message, post_message
from conversations.actions.refusals import Refusal, SentAsElse
from conversations.actions.replies import regenerate_reply
from conversations.generation import process
from conversations.models import Conversation, LanguageModel, Persona, User
from conversations.protocol import frames, verbs
from tests.base import ChatTestCase, make_persona


class PostMessageTests(ChatTestCase):
    def post(self, text="And ice?", **arguments):
        arguments = {
            "user": self.alice,
            "conversation_id": self.conversation.pk,
            "client_id": uuid.uuid4(),
            "parent_id": self.reply.pk,
        } | arguments
        return post_message(text=text, **arguments)

    def refusal(self, **arguments):
        with self.assertRaises(Refusal) as caught:
            self.post(**arguments)
        return caught.exception.code

    def test_question_and_reply_follow_what_was_seen(self):
        posted = self.post()
        self.conversation.refresh_from_db()
        self.assertEqual(posted.question.parent, self.reply)
        self.assertEqual(posted.reply.parent, posted.question)
        self.assertEqual(self.conversation.head, posted.reply)

    def test_text_is_kept_to_the_letter(self):
        text = "a\n\n\tb  \U0001f600 é 漢字 <script> {{ x }}"
        self.assertEqual(self.post(text).question.text, text)

    def test_reply_is_started_only_once_it_is_durable(self):
        with mock.patch.object(process, "start") as start:
            with self.captureOnCommitCallbacks(execute=True):
                posted = self.post()
                start.assert_not_called()
            start.assert_called_once_with(posted.reply.generation.pk, None)

    def test_what_is_known_of_all_messages_is_let_go_once_it_is_shown(self):
        """The conversation itself is kept while the reply is written."""
        posted = []

        def post(**arguments):
            posted.append(post_message(**arguments))
            self.assertIsNotNone(posted[0].question.conversation.outline)
            return posted[0]

        frame = frames.parse(
            {
                "type": "message.send",
                "client_id": str(uuid.uuid4()),
                "text": "And ice?",
                "parent": self.reply.pk,
            }
        )
        with mock.patch.object(verbs, "post_message", post):
            verbs.handle(self.alice, self.conversation.pk, frame)
        self.assertIsNone(posted[0].reply.conversation.outline)

    def test_same_client_id_is_the_same_message(self):
        client_id = uuid.uuid4()
        first, again = self.post(client_id=client_id), self.post(client_id=client_id)
        self.assertEqual(first.question, again.question)
        self.assertEqual(first.reply, again.reply)

    def test_client_id_of_a_reply_that_was_asked_for_is_no_message(self):
        asked_as = uuid.uuid4()
        regenerate_reply(user=self.alice, reply=self.reply, client_id=asked_as)
        with self.assertRaises(SentAsElse):
            self.post(client_id=asked_as)

    def test_same_client_id_in_another_conversation_is_another_message(self):
        client_id = uuid.uuid4()
        self.post(client_id=client_id)
        other = self.post(
            client_id=client_id,
            conversation_id=uuid.uuid4(),
            parent_id=None,
            persona_slug="helper",
        )
        self.assertTrue(other.is_first)

    def test_two_tabs_that_send_at_once_follow_each_other(self):
        one, two = self.post("One"), self.post("Two")
        self.assertEqual(one.question.parent, self.reply)
        self.assertEqual(two.question.parent, one.reply)

    def test_tab_that_saw_nothing_yet_follows_too(self):
        self.assertEqual(self.post(parent_id=None).question.parent, self.reply)

    def test_answer_on_a_branch_that_is_not_shown_stays_there(self):
        regenerate_reply(user=self.alice, reply=self.reply)
        answered = self.post("To the first", parent_id=self.reply.pk)
        self.assertEqual(answered.question.parent, self.reply)

    def test_conversation_of_another_is_not_there(self):
        with self.assertRaises(Conversation.DoesNotExist):
            self.post(user=self.bob)

    def test_conversation_in_the_bin_is_not_there(self):
        Conversation.objects.update(deleted_at=self.conversation.updated_at)
        with self.assertRaises(Conversation.DoesNotExist):
            self.post()

    def test_a_person_cannot_be_answered_by_a_person(self):
        self.assertEqual(self.refusal(parent_id=self.question.pk), "no_parent")

    def test_persona_one_may_not_use_is_refused(self):
        make_persona("secret", state=Persona.State.DRAFT)
        new = {"conversation_id": uuid.uuid4(), "parent_id": None}
        self.assertEqual(self.refusal(persona_slug="secret", **new), "no_persona")

    @override_settings(CHAT_MAX_MESSAGE_CHARACTERS=5)
    def test_longer_than_the_site_allows_is_refused(self):
        self.assertEqual(self.refusal(text="123456"), "too_long")

    def test_longer_than_the_model_can_read_is_refused_with_the_limit(self):
        model = LanguageModel.objects.default()
        LanguageModel.objects.filter(pk=model.pk).update(context_window_tokens=1000)
        with self.assertRaises(Refusal) as caught:
            self.post("x" * 5000)
        self.assertEqual(caught.exception.code, "too_long")
        self.assertIn("5000", caught.exception.detail)

    @override_settings(CHAT_MAX_OPEN_REPLIES=2)
    def test_too_many_replies_at_once_are_refused(self):
        self.post()
        self.post()
        self.assertEqual(self.refusal(), "too_many")

    def test_refused_message_leaves_nothing_behind(self):
        before = Conversation.objects.count()
        new = {"conversation_id": uuid.uuid4(), "parent_id": None}
        self.refusal(persona_slug="nobody", **new)
        self.assertEqual(Conversation.objects.count(), before)

    def test_edited_message_is_a_sibling_and_the_first_text_stays(self):
        posted = edit_message(
            user=self.alice,
            message=self.question,
            text="What is ice?",
            client_id=uuid.uuid4(),
        )
        self.question.refresh_from_db()
        self.assertEqual(self.question.text, "What is water?")
        self.assertEqual(posted.question.parent, self.question.parent)

    def test_reply_cannot_be_edited(self):
        with self.assertRaises(Refusal):
            edit_message(
                user=self.alice,
                message=self.reply,
                text="I said",
                client_id=uuid.uuid4(),
            )


class WaitingTests(TransactionTestCase):
    """Others who write wait for a transaction: a long text is not rendered in one."""

    def setUp(self):
        self.alice = User.objects.create_user("alice")
        make_persona()
        self.is_held_up = []
        render = rendering.render

        def note_and_render(*arguments, **named):
            self.is_held_up.append(connection.in_atomic_block)
            return render(*arguments, **named)

        patch = mock.patch.object(rendering, "render", note_and_render)
        patch.start()
        self.addCleanup(patch.stop)

    def post(self):
        new = {"conversation_id": uuid.uuid4(), "persona_slug": "helper"}
        return post_message(
            user=self.alice, text="Some **bold** words", client_id=uuid.uuid4(), **new
        )

    def test_nobody_waits_for_a_message_to_be_rendered(self):
        self.post()
        self.assertEqual(self.is_held_up, [False])

    def test_nobody_waits_for_an_edited_message_to_be_rendered(self):
        question = self.post().question
        self.is_held_up.clear()
        edit_message(
            user=self.alice, message=question, text="*Other*", client_id=uuid.uuid4()
        )
        self.assertEqual(self.is_held_up, [False])
