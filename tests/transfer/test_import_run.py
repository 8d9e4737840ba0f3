"""An import makes conversations of its owner: whole, once, and nobody else's."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations import listing
from conversations.actions.replies import regenerate_reply
from conversations.models import (
    Conversation,
    Folder,
    Generation,
    Message,
    Persona,
    Transfer,
)
from conversations.thread import thread_page
from conversations.transfer import files, importing, native, rows
from conversations.transfer.failures import Cancelled, TransferFailed
from tests.base import ChatTestCase, add_turn, make_conversation, make_persona
from tests.transfer.packing import (
    FILES,
    SAMPLES,
    chatgpt,
    pack,
    question,
    reply,
    sample,
    talk,
    write,
)


class ImportTestCase(ChatTestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.told = []

    def take(self, value, owner=None):
        """Import `value`, a path or what is written as JSON; return the report."""
        if not isinstance(value, Path):
            value = write(self.folder / "file", value)
        return importing.take(owner or self.alice, value, self.tell)

    def tell(self, done, total):
        self.told.append((done, total))

    def taken(self, owner=None):
        mine = Conversation.objects.filter(owner=owner or self.alice)
        return list(mine.exclude(imported_from="").order_by("created_at"))


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

        with mock.patch.object(rows, "_set_parents", side_effect=look):
            self.take([sample("chatgpt")[0]])
        self.assertEqual(seen, [0, 0, 0])
        self.assertEqual(len(self.taken()), 1)

    def test_what_fails_in_the_middle_leaves_nothing(self):
        before = Message.objects.count()
        fails = [None, DataError]
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


class AgainTests(ImportTestCase):
    def test_again_makes_nothing(self):
        self.take(FILES / "chatgpt.json")
        before = Message.objects.count()
        report = self.take(FILES / "chatgpt.json")
        self.assertEqual((report["made"], report["known"]), (0, 2))
        self.assertEqual(Message.objects.count(), before)

    def test_what_is_in_the_bin_is_here_already(self):
        self.take([talk()])
        Conversation.objects.filter(pk=self.taken()[0].pk).update(
            deleted_at=timezone.now()
        )
        self.assertEqual(self.take([talk()])["known"], 1)

    def test_what_is_gone_for_good_comes_again(self):
        self.take([talk()])
        self.taken()[0].delete()
        self.assertEqual(self.take([talk()])["made"], 1)

    def test_twice_in_one_file_is_once(self):
        report = self.take([talk(), talk()])
        self.assertEqual((report["made"], report["known"]), (1, 1))

    def test_what_has_no_id_is_known_by_what_it_says(self):
        chat = {"title": "A", "history": sample("open-webui")[1]["history"]}
        self.assertEqual(self.take([chat])["made"], 1)
        self.assertEqual(self.take([chat])["known"], 1)
        self.assertEqual(self.take([chat | {"title": "B"}])["made"], 1)

    def test_somebody_else_takes_the_same_file_too(self):
        self.take([talk()])
        self.assertEqual(self.take([talk()], self.bob)["made"], 1)
        self.assertEqual(len(self.taken(self.bob)), 1)

    def test_what_another_import_takes_in_the_same_moment_is_known(self):
        self.take([talk()])
        with mock.patch.object(importing._Import, "_is_known", return_value=False):
            report = self.take([talk(), talk(2)])
        self.assertEqual((report["made"], report["known"]), (1, 1))


class EndTests(ImportTestCase):
    def test_whoever_cancels_keeps_what_was_taken(self):
        def tell(done, total):
            if done:
                raise Cancelled

        path = write(self.folder / "file", [talk(1), talk(2)])
        with self.assertRaises(Cancelled):
            importing.take(self.alice, path, tell)
        self.assertEqual(len(self.taken()), 1)
        self.assertEqual(self.take(path)["made"], 1)

    def test_a_file_without_conversations_says_which_file_to_choose(self):
        for content in (b"%PDF-1.7", b"", b"[7]", b'{"a": 1}', b'"text"', b"\xff\xfe"):
            with self.assertRaisesMessage(
                TransferFailed, "No conversations were found"
            ):
                self.take(write(self.folder / "file", content))

    def test_an_empty_export_is_no_failure(self):
        path = pack(self.folder / "zip", {"conversations.json": "[]"})
        self.assertEqual(self.take(path)["made"], 0)

    def test_a_zip_without_any_says_so(self):
        for members in ({"a.txt": "Hi"}, {"user.json": {"id": 7}}, {"a.json": "Hi"}):
            path = pack(self.folder / "zip", members)
            with self.assertRaisesMessage(TransferFailed, "No conversations were"):
                self.take(path)

    def test_run_reads_the_file_of_the_transfer(self):
        transfer = Transfer(
            owner=self.alice, kind=Transfer.Kind.IMPORT, source_file="a.in"
        )
        write(self.folder / "a.in", [talk()])
        with mock.patch.object(files, "folder", return_value=self.folder):
            self.assertEqual(importing.run(transfer, self.tell)["made"], 1)

    def test_reasons_are_named_up_to_a_number_and_all_counted(self):
        with mock.patch.object(importing, "MOST_REASONS", 2):
            report = self.take([chatgpt(number=n) for n in range(5)])
        self.assertEqual((len(report["skipped"]), report["skipped_count"]), (2, 5))

    def test_nobody_elses_conversation_is_touched(self):
        self.take([talk()], self.bob)
        before = list(Conversation.objects.filter(owner=self.alice).values())
        stolen = sample("chatsite") | {"id": str(self.conversation.pk)}
        self.assertEqual(self.take([stolen], self.bob)["made"], 1)
        self.assertEqual(
            list(Conversation.objects.filter(owner=self.alice).values()), before
        )

    def test_a_conversation_that_cannot_be_saved_leaves_nothing_of_it(self):
        with (
            mock.patch(
                "conversations.transfer.rows._set_parents", side_effect=Cancelled
            ),
            self.assertRaises(Cancelled),
        ):
            self.take([talk()])
        self.assertEqual(self.taken(), [])


class PersonaTests(ImportTestCase):
    def test_each_source_has_one_persona_nobody_can_talk_to(self):
        self.take([talk(1), talk(2)])
        self.take([talk(1)], self.bob)
        persona = Persona.objects.get(slug="from-chatgpt")
        self.assertEqual((persona.name, persona.state), ("ChatGPT", "retired"))
        self.assertEqual(persona.versions.count(), 1)
        self.assertNotIn(persona, Persona.objects.usable_by(self.alice))

    def test_an_imported_conversation_goes_on_with_a_persona_of_the_owner(self):
        self.take([talk()])
        self.assertEqual(self.taken()[0].persona, self.persona)

    def test_where_no_persona_can_be_used_it_stays_with_its_own(self):
        Persona.objects.update(state=Persona.State.RETIRED)
        self.take([talk()])
        self.assertEqual(self.taken()[0].persona.slug, "from-chatgpt")

    def test_a_persona_of_ours_is_cited_only_where_its_owner_has_met_it(self):
        secret = make_persona("secret")
        Persona.objects.filter(pk=secret.pk).update(state=Persona.State.DRAFT)
        replies = [
            {
                "id": 2 + place,
                "parent": 1,
                "role": "assistant",
                "text": "Hm",
                "persona": {"slug": slug, "name": "X", "version": number},
            }
            for place, (slug, number) in enumerate(
                [("helper", 1), ("helper", 7), ("secret", 1), ("gone", 1)]
            )
        ]
        asked = {"id": 1, "parent": None, "role": "user", "text": "Hi"}
        self.take(sample("chatsite") | {"messages": [asked, *replies]})
        found = Generation.objects.filter(message__conversation=self.taken()[0])
        self.assertEqual(
            [g.persona_version.persona.slug for g in found.order_by("message")],
            ["helper", "from-chatsite", "from-chatsite", "from-chatsite"],
        )


class OwnExportTests(ImportTestCase):
    def dump(self, conversation):
        messages = conversation.messages.for_display()
        return json.loads(json.dumps(native.dump(conversation, messages)))

    def full(self):
        """Return a conversation with branches, thoughts, and replies that stopped."""
        conversation = make_conversation(
            self.alice,
            self.persona,
            title="Branches",
            folder=Folder.objects.create(owner=self.alice, name="Trees"),
            pinned_at=timezone.now(),
            created_at=timezone.now() - timedelta(days=3),
        )
        asked, _ = add_turn(conversation, "One?", "  First.\n")
        stopped = Message.objects.create(
            conversation=conversation,
            parent=asked,
            role="assistant",
            text="Sec",
            reasoning="Hm",
        )
        Generation.objects.create(
            message=stopped,
            persona_version=self.persona.version,
            model_name="m-1",
            state="stopped",
        )
        add_turn(conversation, "Two?", "Third\nwith `code`.")
        conversation.refresh_from_db()
        return conversation

    def comparable(self, dumped):
        """Return what must be equal: all but the keys of rows, which are places."""
        places = {m["id"]: place for place, m in enumerate(dumped["messages"])}
        messages = [
            m | {"id": places[m["id"]], "parent": places.get(m["parent"])}
            for m in dumped["messages"]
        ]
        return dumped | {"messages": messages, "head": places[dumped["head"]]}

    def test_what_went_out_comes_back_whole(self):
        conversation = self.full()
        went_out = self.dump(conversation)
        Conversation.objects.filter(pk=conversation.pk).delete()
        Folder.objects.all().delete()
        self.assertEqual(self.take(went_out)["made"], 1)
        came_back = self.dump(Conversation.objects.get(pk=conversation.pk))
        self.assertEqual(self.comparable(came_back), self.comparable(went_out))

    def test_what_is_still_here_is_known(self):
        went_out = self.dump(self.full())
        self.assertEqual(self.take(went_out)["known"], 1)

    def test_what_is_somebody_elses_here_becomes_a_copy(self):
        went_out = self.dump(self.full())
        self.assertEqual(self.take(went_out, self.bob)["made"], 1)
        copy = self.taken(self.bob)[0]
        self.assertNotEqual(str(copy.pk), went_out["id"])
        self.assertEqual(copy.messages.filter(author=self.alice).count(), 0)

    def test_what_others_said_in_it_is_not_the_owners(self):
        went_out = self.dump(self.full())
        went_out["messages"][0]["author"] = "Somebody else"
        went_out["id"] = str(uuid.uuid4())
        self.take(went_out)
        first, *others = self.taken()[0].messages.filter(role="user")
        self.assertIsNone(first.author)
        self.assertEqual({m.author for m in others}, {self.alice})
