from conversations.actions.branches import select_branch
from conversations.actions.refusals import Refusal
from conversations.actions.replies import continue_reply, regenerate_reply, stop_reply
from conversations.models import Generation, PersonaVersion
from tests.base import ChatTestCase, add_turn

State = Generation.State


class ReplyTests(ChatTestCase):
    def test_regenerated_reply_is_a_sibling_by_the_persona_as_it_is_now(self):
        edited = PersonaVersion.objects.create(persona=self.persona, number=2)
        self.persona.version = edited
        self.persona.save()
        again = regenerate_reply(user=self.alice, reply=self.reply)
        self.assertEqual(again.parent, self.reply.parent)
        self.assertEqual(again.generation.persona_version, edited)
        self.assertEqual(self.reply.generation.persona_version.number, 1)

    def test_growing_reply_is_not_regenerated(self):
        _, growing = add_turn(self.conversation, "And?", None)
        with self.assertRaises(Refusal):
            regenerate_reply(user=self.alice, reply=growing)

    def test_finished_reply_is_not_continued(self):
        with self.assertRaises(Refusal):
            continue_reply(user=self.alice, reply=self.reply)

    def test_stopped_reply_waits_to_be_continued(self):
        _, stopped = add_turn(self.conversation, "Go", "One,", state=State.STOPPED)
        continue_reply(user=self.alice, reply=stopped)
        generation = Generation.objects.get(message=stopped)
        self.assertEqual(generation.state, State.QUEUED)
        self.assertEqual(stopped.text, "One,")

    def test_reply_that_waits_is_stopped_at_once(self):
        _, waiting = add_turn(self.conversation, "And?", None)
        stop_reply(reply=waiting)
        self.assertEqual(Generation.objects.get(message=waiting).state, State.STOPPED)

    def test_stopping_what_has_ended_changes_nothing(self):
        stop_reply(reply=self.reply)
        generation = Generation.objects.get(message=self.reply)
        self.assertEqual(generation.state, State.FINISHED)
        self.assertFalse(generation.stop_requested)

    def test_selecting_a_branch_goes_to_its_newest_end(self):
        add_turn(self.conversation, "And ice?", "Cold.")
        end = self.conversation.head
        regenerate_reply(user=self.alice, reply=self.reply)
        select_branch(user=self.alice, message=self.reply)
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.head, end)
