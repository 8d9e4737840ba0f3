"""An import makes conversations of its owner, whole and nobody else's."""

import re
import uuid
from datetime import UTC, datetime
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations import listing
from conversations.actions.replies import regenerate_reply
from conversations.models import (
    Conversation,
    Folder,
    Generation,
    Message,
)
from conversations.thread import thread_page
from conversations.transfer import rows
from conversations.transfer.failures import Cancelled
from tests.transfer.cases import ImportTestCase
from tests.transfer.packing import (
    FILES,
    SAMPLES,
    chatgpt,
    question,
    reply,
    sample,
    talk,
)


class WholeTests(ImportTestCase):
    def test_each_format_becomes_conversations(self):
        for name in SAMPLES:
            report = self.take(FILES / f"{name}.json")
            self.assertGreater(report["made"], 0, name)
        self.assertEqual(len(self.taken()), 11)
        for conversation in self.taken():
            self.assertTrue(thread_page(conversation).messages)

    def test_a_list_that_was_drawn_before_finds_what_came(self):
        drawn_at = timezone.now()
        self.take(FILES / "claude.json")
        with mock.patch.object(rows, "BATCH_MESSAGES", 1):
            self.take(FILES / "chatgpt.json")
        found = listing.changed_since(self.alice, drawn_at)
        self.assertCountEqual(found, self.taken())

    def test_the_report_says_what_was_made_and_what_not(self):
        self.assertEqual(
            self.take(FILES / "chatgpt.json"),
            {
                "made": 2,
                "known": 0,
                "skipped": [
                    {"title": "Lost entry", "why": "There are no messages in it."}
                ],
                "skipped_count": 1,
            },
        )

    def test_the_conversation_is_as_it_was(self):
        self.take(FILES / "chatgpt.json")
        _older, rain = self.taken()
        self.assertEqual(rain.title, "Rain barrel")
        self.assertEqual(rain.imported_from[:8], "chatgpt:")
        self.assertEqual(rain.created_at.year, 2024)
        self.assertEqual(
            rain.updated_at, datetime(2024, 10, 27, 3, 48, 20, 500000, UTC)
        )
        self.assertIsNotNone(rain.pinned_at)
        self.assertIsNone(rain.archived_at)
        self.assertEqual(rain.head.text, "At the tap, it seems.")
        self.assertFalse(rain.is_unread)

    def test_the_tree_is_as_it_was(self):
        self.take(FILES / "chatgpt.json")
        messages = self.taken()[1].messages.all()
        self.assertEqual(
            [(m.role, m.parent.text[:8] if m.parent else None) for m in messages],
            [
                ("user", None),
                ("assistant", "How much"),
                ("assistant", "How much"),
                ("user", "```pytho"),
                ("assistant", "[Image: "),
            ],
        )
        self.assertTrue(
            all(m.parent_id is None or m.parent_id < m.pk for m in messages)
        )
        shown = thread_page(self.taken()[1]).messages
        self.assertEqual([m.role for m in shown], ["user", "assistant"] * 2)
        self.assertEqual(shown[1].siblings.count, 2)

    def test_what_a_person_said_is_theirs_and_a_reply_is_its_models(self):
        self.take(FILES / "chatgpt.json")
        asked, old, new, *_ = self.taken()[1].messages.for_display()
        self.assertEqual(asked.author, self.alice)
        self.assertIsNone(old.author)
        self.assertEqual(old.generation.model_name, "gpt-4o")
        self.assertEqual(old.generation.state, Generation.State.FINISHED)
        self.assertEqual(new.generation.reasoning_seconds, 4)
        self.assertEqual(old.persona.slug, "from-chatgpt")
        self.assertEqual(old.created_at.second, 32)

    def test_messages_are_rendered_and_safe(self):
        hostile = "<img src=x onerror=alert(1)> **bold** [^1]\n\n[^1]: note"
        self.take(
            [chatgpt(question("q", hostile, children=["a"]), reply("a", hostile, "q"))]
        )
        for message in self.taken()[0].messages.all():
            self.assertIn("<strong>bold</strong>", message.html)
            self.assertNotIn("<img", message.html)
            self.assertEqual(message.text, hostile)
        marks = [
            re.findall(r'id="(turn-\w+-fn[^"]*)"', message.html)
            for message in self.taken()[0].messages.all()
        ]
        self.assertTrue(all(marks))
        self.assertTrue(set(marks[0]).isdisjoint(marks[1]))

    def test_nul_and_half_characters_are_kept_out_of_the_database(self):
        odd = "a\0b\ud800c"
        self.take([chatgpt(question("q\0", odd), title=odd, default_model_slug=odd)])
        conversation = self.taken()[0]
        self.assertEqual(conversation.title, "a\ufffdb\ufffdc")
        self.assertEqual(conversation.messages.first().text, "a\ufffdb\ufffdc")

    def test_without_a_title_the_first_question_names_it(self):
        self.take([talk(title=None)])
        self.assertEqual(self.taken()[0].title, "Question 1")

    def test_a_title_is_one_line_and_fits(self):
        self.take([talk(title="Line\nbreak " + "x" * 300)])
        self.assertEqual(len(self.taken()[0].title), 200)
        self.assertTrue(self.taken()[0].title.startswith("Line break x"))

    def test_times_to_come_are_now(self):
        self.take([talk(update_time=4e9)])
        self.assertLess(self.taken()[0].updated_at, timezone.now())

    def test_folders_are_found_or_made(self):
        Folder.objects.create(owner=self.alice, name="Garden")
        other = sample("chatsite") | {"folder": "Y" * 100, "id": str(uuid.uuid4())}
        self.take([sample("chatsite"), other])
        names = [folder.name for folder in self.alice.folders.all()]
        self.assertEqual(names, ["Garden", "Y" * 80])
        self.assertEqual({c.folder.name for c in self.taken()}, {"Garden", "Y" * 80})

    def test_progress_is_told_in_bytes_up_to_the_whole(self):
        self.take([talk(n) for n in range(3)])
        size = (self.folder / "file").stat().st_size
        self.assertEqual(self.told[0], (0, size))
        self.assertEqual(self.told[-1], (size, size))

    def test_each_can_be_opened_and_gone_on_with(self):
        self.client.force_login(self.alice)
        for name in SAMPLES:
            self.take(FILES / f"{name}.json")
        for conversation in self.taken():
            page = self.client.get(conversation.get_absolute_url())
            self.assertEqual(page.status_code, 200)
            head = conversation.head
            self.assertContains(page, f'id="message-{head.pk}-body"')
            again = regenerate_reply(user=self.alice, reply=head)
            Generation.objects.filter(message=again).delete()
            self.assertEqual(again.parent, head.parent)

    def test_a_long_conversation_takes_few_queries(self):
        row = [question("0", "Hi")]
        row += [
            (reply if n % 2 else question)(str(n), "Hm", str(n - 1))
            for n in range(1, 400)
        ]
        self.take([talk(99)])  # the persona is there from now on
        with CaptureQueriesContext(
            connection,
        ) as queries:
            self.take([chatgpt(*row)])
        self.assertLess(len(queries), 30)
        self.assertEqual(self.taken()[0].messages.count(), 400)


class LongTests(ImportTestCase):
    """What one transaction would hold others up with is saved in several."""

    def setUp(self):
        super().setUp()
        patch = mock.patch.object(rows, "BATCH_MESSAGES", 2)
        patch.start()
        self.addCleanup(patch.stop)

    def test_it_is_whole_in_the_end(self):
        self.take(FILES / "chatgpt.json")
        rain = self.taken()[1]
        self.assertEqual((rain.title, rain.deleted_at), ("Rain barrel", None))
        self.assertEqual(rain.imported_from[:8], "chatgpt:")
        self.assertEqual(rain.head.text, "At the tap, it seems.")
        self.assertEqual(
            [m.parent.text[:8] if m.parent else None for m in rain.messages.all()],
            [None, "How much", "How much", "```pytho", "[Image: "],
        )
        self.assertEqual(self.take(FILES / "chatgpt.json")["known"], 2)

    def test_a_text_may_fill_a_batch_alone(self):
        with mock.patch.object(rows, "BATCH_CHARACTERS", 1):
            self.take([talk()])
        self.assertEqual(self.taken()[0].messages.count(), 2)

    def test_until_then_nobody_sees_it(self):
        seen = []

        def look(turns, keys):
            mine = Conversation.objects.visible_to(self.alice)
            seen.append(mine.exclude(imported_from="").count())
            seen.append(Conversation.objects.in_bin_of(self.alice).count())

        with mock.patch.object(rows, "_set_parents", side_effect=look):
            self.take([sample("chatgpt")[0]])
        self.assertEqual(seen, 3 * [0, 0])
        self.assertEqual(len(self.taken()), 1)

    def test_what_fails_in_the_middle_leaves_nothing(self):
        before = Message.objects.count()
        fails = [None, UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogate")]
        with mock.patch.object(rows, "_set_parents", side_effect=fails):
            report = self.take([sample("chatgpt")[0]])
        self.assertEqual(
            report["skipped"],
            [{"title": "Rain barrel", "why": "It could not be saved."}],
        )
        self.assertEqual((self.taken(), Message.objects.count()), ([], before))

    def test_what_a_killed_process_left_is_cleared_away(self):
        killed = mock.patch.object(rows, "_finish", side_effect=Cancelled)
        kept = mock.patch.object(Conversation, "delete")
        with killed, kept, self.assertRaises(Cancelled):
            self.take([sample("chatgpt")[0]])
        self.assertEqual(len(self.taken()), 1)
        self.assertEqual(self.take([sample("chatgpt")[0]])["made"], 1)
        self.assertEqual([c.title for c in self.taken()], ["Rain barrel"])
