"""The ZIP of everything: what is in it, where, and who may read it."""

import io
import json
import stat
import zipfile
from datetime import timedelta
from unittest import mock
from urllib.parse import unquote

from django.utils import timezone

from conversations.models import Conversation, Message, Transfer
from conversations.transfer import archive, files, native
from conversations.transfer.failures import Cancelled
from tests.base import ChatTestCase, add_turn, make_conversation
from tests.parsed_html import ParsedHTML

from . import hostile


class ArchiveTests(ChatTestCase):
    def setUp(self):
        self.transfer = Transfer.objects.create(
            owner=self.alice, kind=Transfer.Kind.EXPORT
        )
        for name in (f"{self.transfer.pk}.zip", f"{self.transfer.pk}.zip.part"):
            self.addCleanup(files.remove, name)
        self.told = []

    def make(self):
        report = archive.run(
            self.transfer, lambda *progress: self.told.append(progress)
        )
        self.transfer.refresh_from_db()
        path = files.result_path(self.transfer)
        return report, zipfile.ZipFile(io.BytesIO(path.read_bytes()))

    def another(self, title, **fields):
        conversation = make_conversation(
            self.alice, self.persona, title=title, **fields
        )
        add_turn(conversation, f"About {title}?", "Well.")
        return conversation

    def test_each_conversation_is_there_for_programs_as_it_is(self):
        other = self.another("Another")
        report, made = self.make()
        self.assertEqual(report["made"], 2)
        for conversation in (self.conversation, other):
            found = json.loads(made.read(f"json/{conversation.pk}.json"))
            conversation.refresh_from_db()
            messages = Message.objects.for_display().filter(conversation=conversation)
            self.assertEqual(found, native.dump(conversation, messages))

    def test_all_branches_are_in_it(self):
        """For programs and for people, whichever is shown."""
        add_turn(self.conversation, "And ice?", "Cold as snow.")
        self.conversation.head = self.reply
        self.conversation.save()
        add_turn(self.conversation, "And steam?", "Hot as fire.")
        _report, made = self.make()
        found = json.loads(made.read(f"json/{self.conversation.pk}.json"))
        texts = [message["text"] for message in found["messages"]]
        self.assertEqual(
            texts[2:], ["And ice?", "Cold as snow.", "And steam?", "Hot as fire."]
        )
        (page,) = (n for n in made.namelist() if n.startswith("pages/"))
        for words in ("Cold as snow.", "Hot as fire."):
            self.assertIn(words, made.read(page).decode())

    def test_the_index_leads_to_each_page(self):
        self.another("水 / 100 % #1?")
        _report, made = self.make()
        links = [link["href"] for link in self.index(made).find("a")]
        self.assertEqual(len(links), 2)
        for link in links:
            self.assertNotIn("://", link)
            self.assertIn(b"<article", made.read(unquote(link)))

    def index(self, made):
        return ParsedHTML(made.read("index.html").decode())

    def test_each_page_leads_back_and_has_its_styles(self):
        _report, made = self.make()
        page = ParsedHTML(made.read(pages(made)[0]).decode())
        self.assertEqual(page.find("a")[0]["href"], "../../index.html")
        self.assertEqual(page.find("link")[0]["href"], "../../style.css")
        self.assertIn(b"--page", made.read("style.css"))

    def test_folders_are_folders(self):
        work = self.alice.folders.create(name="Work: 2026/27")
        self.another("Plan", folder=work)
        _report, made = self.make()
        self.assertIn("pages/Work 2026 27/Plan.html", made.namelist())
        self.assertIn("pages/Conversations/A talk.html", made.namelist())
        self.assertIn("Work: 2026/27", self.index(made).words)

    def test_equal_titles_get_names_of_their_own(self):
        for title in ("a TALK", "A talk", "A talk (2)"):
            self.another(title)
        _report, made = self.make()
        names = [name.casefold() for name in pages(made)]
        self.assertEqual(len(set(names)), 4)

    def test_hostile_titles_stay_inside_and_stay_text(self):
        self.another("../../../etc/passwd")
        self.another(hostile.TITLE)
        _report, made = self.make()
        for name in made.namelist():
            self.assertFalse(name.startswith("/") or ".." in name.split("/"), name)
        tags = {tag for tag, _ in self.index(made).tags}
        self.assertNotIn("script", tags)

    def test_prompts_and_settings_are_in_it(self):
        self.alice.snippets.create(name="hi", text="Hello {{name}}")
        _report, made = self.make()
        prompts = json.loads(made.read("prompts.json"))
        self.assertEqual(prompts["prompts"], [{"name": "hi", "text": "Hello {{name}}"}])
        settings = json.loads(made.read("settings.json"))
        self.assertEqual(settings["account"]["username"], "alice")
        self.assertNotIn("password", json.dumps(settings))

    def test_nothing_of_others_no_bin_and_nothing_temporary(self):
        make_conversation(self.bob, self.persona, title="Of bob")
        now = timezone.now()
        self.another("Thrown away", deleted_at=now)
        self.another("Gone soon", expires_at=now + timedelta(hours=1))
        self.another("Put away", archived_at=now)
        _report, made = self.make()
        words = self.index(made).words
        for title in ("Of bob", "Thrown away", "Gone soon"):
            self.assertNotIn(title, words)
        self.assertIn("Put away", words)
        self.assertEqual(len([n for n in made.namelist() if n.startswith("json/")]), 2)

    def test_only_the_site_may_read_the_file(self):
        self.make()
        path = files.result_path(self.transfer)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode) & 0o077, 0)

    def test_it_tells_how_far_it_is(self):
        self.another("Another")
        self.make()
        self.assertEqual(self.told, [(0, 2), (1, 2), (2, 2)])

    def test_nobody_fetches_half_a_file(self):
        tell = mock.Mock(side_effect=[None, Cancelled])
        self.another("Another")
        with self.assertRaises(Cancelled):
            archive.run(self.transfer, tell)
        self.transfer.refresh_from_db()
        self.assertEqual(self.transfer.result_file, "")

    def test_a_conversation_erased_meanwhile_is_passed_by(self):
        newer = self.another("Another")  # the first to be written

        def erase(done, total):
            Conversation.objects.filter(pk=self.conversation.pk).delete()

        with mock.patch.object(archive, "CHUNK", 1):
            report = archive.run(self.transfer, erase)
        self.assertEqual(report["made"], 1)
        self.assertTrue(Conversation.objects.filter(pk=newer.pk).exists())

    def test_one_who_has_nothing_gets_an_empty_one(self):
        self.transfer.owner = self.bob
        report, made = self.make()
        self.assertEqual(report["made"], 0)
        self.assertIn("There are none.", self.index(made).words)


def pages(made):
    return [name for name in made.namelist() if name.startswith("pages/")]
