import json
from unittest import mock

from conversations.models import Generation, Message
from conversations.transfer import messages as loading
from conversations.transfer import native
from conversations.transfer.messages import ALL, SHOWN, Extract, load_small
from tests.base import ChatTestCase, add_turn, make_conversation


class NativeTests(ChatTestCase):
    def dump(self):
        messages = Message.objects.for_display().filter(conversation=self.conversation)
        return native.dump(self.conversation, messages)

    def test_it_says_what_the_conversation_is(self):
        found = self.dump()
        self.assertEqual((found["format"], found["version"]), ("chatsite", 1))
        self.assertEqual(found["id"], str(self.conversation.pk))
        self.assertEqual(found["title"], "A talk")
        self.assertEqual(found["persona"], {"slug": "helper", "name": "Helper"})
        self.assertEqual(found["head"], self.reply.pk)
        self.assertEqual(found["folder"], None)
        self.assertFalse(found["pinned"] or found["archived"])

    def test_it_names_the_folder(self):
        self.conversation.folder = self.alice.folders.create(name="Work")
        self.assertEqual(self.dump()["folder"], "Work")

    def test_a_question_has_its_author_and_no_persona(self):
        question = self.dump()["messages"][0]
        self.assertEqual(question["author"], "alice")
        self.assertEqual((question["persona"], question["model"]), (None, ""))
        self.assertEqual((question["parent"], question["state"]), (None, "sent"))
        self.assertEqual(question["text"], "What is water?")

    def test_a_reply_says_which_version_of_whom_wrote_it(self):
        Generation.objects.filter(message=self.reply).update(model_name="gpt-x")
        reply = self.dump()["messages"][1]
        self.assertEqual(
            reply["persona"], {"slug": "helper", "name": "Helper", "version": 1}
        )
        self.assertEqual((reply["model"], reply["state"]), ("gpt-x", "finished"))
        self.assertEqual((reply["parent"], reply["author"]), (self.question.pk, None))

    def test_no_key_of_a_person_is_in_it(self):
        told = set(self.dump()["messages"][0])
        self.assertEqual(
            told,
            {
                "id",
                "parent",
                "role",
                "author",
                "own",
                "persona",
                "model",
                "text",
                "reasoning",
                "reasoning_ms",
                "tokens",
                "state",
                "error",
                "feedback",
                "created_at",
            },
        )

    def test_what_is_written_piece_by_piece_is_what_is_dumped(self):
        add_turn(self.conversation, 'Quotes " and \\ and 水\u2028', "\u0001 </script>")
        whole = self.dump()
        extract = Extract(self.conversation, ALL)
        written = "".join(native.write(self.conversation, extract.in_order()))
        self.assertEqual(json.loads(written), whole)

    def test_a_conversation_without_messages_is_whole_too(self):
        self.conversation.messages.all().delete()
        self.conversation.refresh_from_db()
        written = "".join(native.write(self.conversation, []))
        self.assertEqual(json.loads(written)["messages"], [])


class ExtractTests(ChatTestCase):
    """A conversation with two versions of its second turn."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.old = add_turn(cls.conversation, "Old way", "Old answer")
        cls.conversation.head = cls.reply
        cls.conversation.save()
        cls.new = add_turn(cls.conversation, "New way", "New answer")

    def keys(self, messages):
        return [message.pk for message in messages]

    def test_the_branch_shown_leaves_the_other_out(self):
        found = self.keys(Extract(self.conversation, SHOWN).as_read())
        shown = [self.question, self.reply, *self.new]
        self.assertEqual(found, [message.pk for message in shown])

    def test_another_branch_may_be_named(self):
        extract = Extract(self.conversation, SHOWN, leaf_id=self.old[0].pk)
        shown = [self.question, self.reply, *self.old]
        self.assertEqual(self.keys(extract.as_read()), [m.pk for m in shown])

    def test_a_message_of_another_conversation_names_no_branch(self):
        extract = Extract(self.conversation, SHOWN, leaf_id=10**9)
        self.assertIn(self.new[1].pk, self.keys(extract.as_read()))

    def test_all_branches_are_read_one_after_the_other(self):
        found = list(Extract(self.conversation, ALL).as_read())
        first = [self.question, self.reply, *self.old, *self.new]
        self.assertEqual(self.keys(found), [m.pk for m in first])
        places = [m.siblings and m.siblings.position for m in found]
        self.assertEqual(places, [None, None, 1, None, 2, None])

    def test_many_messages_are_loaded_a_few_at_a_time(self):
        for number in range(150):
            add_turn(self.conversation, f"Question {number}", "Answer")
        # The outline, and twice 200 at most with what was thought of them.
        with self.assertNumQueries(5):
            found = self.keys(Extract(self.conversation, ALL).in_order())
        self.assertEqual(found, sorted(found))
        self.assertEqual(len(found), 306)


class LoadSmallTests(ChatTestCase):
    def test_small_ones_are_loaded_together_and_large_ones_are_not(self):
        conversations = [self.conversation]
        for turns in (1, 3, 1, 1):
            conversations.append(make_conversation(self.alice, self.persona))
            for number in range(turns):
                add_turn(conversations[-1], f"Question {number}", "Answer")
        keys = [conversation.pk for conversation in conversations]
        with mock.patch.object(loading, "CHUNK", 4), self.assertNumQueries(5):
            found = list(load_small(keys, self.alice.pk))
        self.assertEqual([pk for pk, _ in found], keys)
        sizes = [loaded and len(loaded) for _, loaded in found]
        self.assertEqual(sizes, [2, 2, None, 2, 2])

    def test_what_is_loaded_together_is_written_the_same(self):
        add_turn(self.conversation, "More?", "More.")
        [(_, loaded)] = load_small([self.conversation.pk], self.alice.pk)
        for branches in (ALL, SHOWN):
            together = Extract(self.conversation, branches, loaded=loaded)
            alone = Extract(self.conversation, branches)
            self.assertEqual(list(together.in_order()), list(alone.in_order()))
            self.assertEqual(list(together.as_read()), list(alone.as_read()))
