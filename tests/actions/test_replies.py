import uuid

from django.contrib.auth.models import Group

from conversations.actions.branches import select_branch
from conversations.actions.refusals import Refusal, SentAsElse
from conversations.actions.replies import continue_reply, regenerate_reply, stop_reply
from conversations.models import Generation, PersonaVersion
from tests.base import ChatTestCase, add_turn
from tests.usage.base import make_model

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

    def test_one_that_is_asked_for_twice_by_one_id_is_made_once(self):
        ask = {"user": self.alice, "reply": self.reply, "client_id": uuid.uuid4()}
        again = regenerate_reply(**ask)
        self.assertEqual(regenerate_reply(**ask), again)
        other = regenerate_reply(**ask | {"client_id": uuid.uuid4()})
        self.assertNotEqual(other, again)

    def test_an_id_that_sent_something_else_is_refused(self):
        sent = self.reply.parent.client_id
        with self.assertRaises(SentAsElse):
            regenerate_reply(user=self.alice, reply=self.reply, client_id=sent)

    def test_what_goes_on_already_is_continued_once(self):
        _, stopped = add_turn(self.conversation, "Go", "One,", state=State.STOPPED)
        for _time in range(2):
            continue_reply(user=self.alice, reply=stopped)
        generation = Generation.objects.get(message=stopped)
        self.assertEqual(generation.state, State.QUEUED)

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

    def use_model_for_others(self):
        """Have an earlier version by a model that is for the members of a group."""
        model = make_model()
        model.groups.add(Group.objects.create(name="Members"))
        former = PersonaVersion.objects.filter(pk=self.persona.version.pk)
        former.update(model=model)
        edited = PersonaVersion.objects.create(persona=self.persona, number=2)
        self.persona.version = edited
        self.persona.save()

    def test_a_model_that_is_for_others_by_now_goes_on_with_nothing(self):
        _, stopped = add_turn(self.conversation, "Go", "One,", state=State.STOPPED)
        self.use_model_for_others()
        with self.assertRaises(Refusal) as raised:
            continue_reply(user=self.alice, reply=stopped)
        self.assertEqual(raised.exception.code, "persona_gone")
        self.alice.groups.add(Group.objects.get())
        continue_reply(user=self.alice, reply=stopped)

    def test_what_was_brought_in_goes_on_by_the_persona_as_it_is_now(self):
        """Whatever version the file says: it may say any."""
        _, stopped = add_turn(self.conversation, "Go", "One,", state=State.STOPPED)
        Generation.objects.filter(message=stopped).update(started_at=None)
        self.use_model_for_others()
        continue_reply(user=self.alice, reply=stopped)
        generation = Generation.objects.get(message=stopped)
        self.assertEqual(generation.persona_version.number, 2)

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
