"""What is done to conversations by POST: with a page for an answer, or with frames."""

import json
import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from conversations.models import Conversation, Folder
from tests.base import ChatTestCase, make_conversation


class ArrangingTestCase(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)

    def url(self, name, *arguments):
        arguments = arguments or [self.conversation.pk]
        return reverse(f"conversations:conversation_{name}", args=arguments)

    def post(self, name, data=None, **options):
        return self.client.post(self.url(name), data or {}, **options)

    def ask(self, url, data=None):
        """Post as a script does; return `(status, answer)`."""
        headers = {"accept": "application/json"}
        response = self.client.post(url, data or {}, headers=headers)
        return response.status_code, json.loads(response.content)

    def now(self):
        self.conversation.refresh_from_db()
        return self.conversation


class VerbTests(ArrangingTestCase):
    def test_each_verb_and_its_opposite(self):
        pairs = [
            ("pin", "unpin", "pinned_at"),
            ("archive", "unarchive", "archived_at"),
            ("remove", "restore", "deleted_at"),
        ]
        for there, back, column in pairs:
            with self.subTest(there):
                self.assertEqual(self.post(there).status_code, 302)
                self.assertIsNotNone(getattr(self.now(), column))
                self.assertEqual(self.post(back).status_code, 302)
                self.assertIsNone(getattr(self.now(), column))

    def test_a_stranger_changes_nothing(self):
        self.client.force_login(self.carol)
        verbs = ("pin", "archive", "remove", "rename", "move", "mark_unread")
        for name in verbs:
            with self.subTest(name):
                self.assertEqual(self.post(name, {"title": "x"}).status_code, 404)
        before = (self.conversation.title, None, None, None)
        now = self.now()
        after = (now.title, now.pinned_at, now.archived_at, now.deleted_at)
        self.assertEqual(after, before)

    def test_what_is_in_the_bin_is_not_there_for_anything_else(self):
        self.post("remove")
        for name in ("pin", "archive", "rename", "remove", "menu", "detail"):
            with self.subTest(name):
                ask = (
                    self.client.get if name in ("menu", "detail") else self.client.post
                )
                self.assertEqual(ask(self.url(name)).status_code, 404)

    def test_the_conversation_goes_and_one_lands_on_a_new_chat_with_undo(self):
        response = self.client.post(self.url("remove"), follow=True)
        self.assertEqual(response.redirect_chain[-1][0], "/")
        self.assertContains(response, "Moved to the bin.")
        self.assertContains(response, reverse("conversations:conversation_undo"))

    def test_a_title_is_changed_and_a_wrong_one_refused(self):
        self.post("rename", {"title": "Better"})
        self.assertEqual(self.now().title, "Better")
        status, answer = self.ask(self.url("rename"), {"title": " "})
        self.assertEqual(status, 422)
        self.assertIn("Write a name first.", answer["notice"])
        self.post("rename", {"title": "x" * 201})
        self.assertEqual(self.now().title, "Better")

    def test_it_goes_on_where_the_form_says_if_that_is_here(self):
        for address, lands in [
            ("/bin/", "/bin/"),
            ("https://example.org/", self.conversation.get_absolute_url()),
            ("//example.org/", self.conversation.get_absolute_url()),
            ("javascript:alert(1)", self.conversation.get_absolute_url()),
        ]:
            with self.subTest(address):
                self.assertRedirects(
                    self.post("pin", {"next": address}),
                    lands,
                    fetch_redirect_response=False,
                )

    def test_a_script_is_answered_with_frames_and_a_notice(self):
        status, answer = self.ask(self.url("pin"))
        self.assertEqual(status, 200)
        (frame,) = answer["frames"]
        self.assertEqual(frame["type"], "conversation.changed")
        self.assertEqual(frame["group"], "pinned")
        self.assertEqual(answer["notice"], "")
        _, answer = self.ask(self.url("archive"))
        (frame,) = answer["frames"]
        self.assertEqual(frame["type"], "conversation.removed")
        self.assertIn("Archived.", answer["notice"])

    def test_marked_unread_it_has_a_dot(self):
        self.post("mark_read")
        self.assertFalse(self.now().is_unread)
        _, answer = self.ask(self.url("mark_unread"))
        self.assertIn("list-item--unread", answer["frames"][0]["item"])

    def test_hostile_titles_are_text(self):
        title = """<script>alert("x")</script> {title} {0} ' %s"""
        _, answer = self.ask(self.url("rename"), {"title": title})
        self.assertNotIn("<script>", answer["frames"][0]["item"])
        page = self.client.get(reverse("conversations:conversation_list"))
        self.assertContains(
            page, "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; {t"
        )
        self.assertNotContains(page, "<script>alert")


class MenuTests(ArrangingTestCase):
    def test_it_offers_what_can_be_done_now(self):
        self.assertContains(self.client.get(self.url("menu")), "/pin/")
        self.post("pin")
        self.post("archive")
        menu = self.client.get(self.url("menu"), {"fragment": 1})
        self.assertContains(menu, "/unpin/")
        self.assertContains(menu, "/unarchive/")
        self.assertNotContains(menu, "<html")

    def test_what_is_temporary_has_no_place_to_be_arranged(self):
        page = self.client.get(self.conversation.get_absolute_url())
        self.assertContains(page, f'{self.url("archive")}"')
        Conversation.objects.update(expires_at=timezone.now() + timedelta(hours=1))
        page = self.client.get(self.conversation.get_absolute_url())
        self.assertContains(page, f'{self.url("remove")}"')
        for verb in ("pin", "move", "archive"):
            self.assertNotContains(page, f'{self.url(verb)}"')

    def test_folders_of_others_are_not_offered(self):
        Folder.objects.create(owner=self.bob, name="Secret")
        Folder.objects.create(owner=self.alice, name="Work")
        for data in ({}, {"fragment": 1}):
            choices = self.client.get(self.url("move"), data)
            self.assertContains(choices, "Work")
            self.assertNotContains(choices, "Secret")


class MoveTests(ArrangingTestCase):
    def test_into_a_folder_and_out_of_it(self):
        folder = Folder.objects.create(owner=self.alice, name="Work")
        _, answer = self.ask(self.url("move"), {"folder": folder.pk})
        self.assertEqual(self.now().folder, folder)
        self.assertEqual(answer["frames"][0]["group"], f"folder-{folder.pk}")
        self.assertIn("Moved to “Work”.", answer["notice"])
        self.post("move", {"folder": "none"})
        self.assertIsNone(self.now().folder)

    def test_a_folder_of_somebody_else_is_not_there(self):
        other = Folder.objects.create(owner=self.bob, name="Work")
        for folder in (other.pk, 0, "x", "9" * 30):
            with self.subTest(folder):
                response = self.post("move", {"folder": folder})
                self.assertEqual(response.status_code, 404)
        self.assertIsNone(self.now().folder)


class BulkTests(ArrangingTestCase):
    bulk = reverse("conversations:conversation_bulk")

    def setUp(self):
        super().setUp()
        self.other = make_conversation(self.alice, self.persona, title="Other")
        self.both = [str(self.conversation.pk), str(self.other.pk)]

    def removed(self):
        return Conversation.objects.exclude(deleted_at=None).count()

    def test_one_verb_for_all_and_one_undo(self):
        data = {"conversation": self.both, "verb": "remove"}
        status, answer = self.ask(self.bulk, data)
        self.assertEqual((status, self.removed()), (200, 2))
        self.assertIn("2 moved to the bin.", answer["notice"])
        token = answer["notice"].partition('name="token" value="')[2].partition('"')[0]
        undo = reverse("conversations:conversation_undo")
        status, answer = self.ask(undo, {"token": token})
        self.assertEqual((status, self.removed()), (200, 0))
        self.assertEqual({f["conversation"] for f in answer["frames"]}, set(self.both))

    def test_a_folder_moves_all(self):
        folder = Folder.objects.create(owner=self.alice, name="Work")
        self.ask(self.bulk, {"conversation": self.both, "folder": folder.pk})
        self.assertEqual(folder.conversations.count(), 2)
        self.ask(self.bulk, {"conversation": self.both, "folder": "none"})
        self.assertEqual(folder.conversations.count(), 0)

    def test_what_is_not_theirs_is_left_alone(self):
        self.client.force_login(self.bob)
        mine = make_conversation(self.bob, self.persona)
        data = {"conversation": [*self.both, str(mine.pk)], "verb": "remove"}
        self.ask(self.bulk, data)
        self.assertEqual(self.removed(), 1)
        data = {"conversation": self.both, "verb": "remove"}
        self.assertEqual(self.client.post(self.bulk, data).status_code, 404)

    def test_wrong_input_changes_nothing(self):
        for data in (
            {},
            {"verb": "remove"},
            {"conversation": self.both},
            {"conversation": self.both, "verb": "explode"},
            {"conversation": self.both, "folder": "x"},
            {"conversation": ["x"], "verb": "remove"},
            {"conversation": [str(uuid.uuid4())] * 501, "verb": "remove"},
        ):
            with self.subTest(data=str(data)[:60]):
                status, _ = self.ask(self.bulk, data)
                self.assertEqual(status, 422)
        self.assertEqual(self.removed(), 0)

    def test_a_made_up_undo_is_refused(self):
        undo = reverse("conversations:conversation_undo")
        for data in ({}, {"token": "x"}, {"token": "[]"}):
            status, answer = self.ask(undo, data)
            self.assertEqual(status, 422)
            self.assertIn("no longer be undone", answer["notice"])


class BinPageTests(ArrangingTestCase):
    bin = reverse("conversations:bin_list")

    def test_it_says_when_each_is_gone(self):
        self.post("remove")
        page = self.client.get(self.bin)
        self.assertContains(page, self.conversation.title)
        day = self.now().gone_at
        self.assertContains(page, f"Gone on {day:%b}")

    def test_others_see_nothing_of_it_and_cannot_touch_it(self):
        self.post("remove")
        self.client.force_login(self.carol)
        self.assertNotContains(self.client.get(self.bin), self.conversation.title)
        for name in ("restore", "delete"):
            self.assertEqual(self.post(name).status_code, 404)
        self.client.post(reverse("conversations:bin_empty"))
        self.assertTrue(Conversation.objects.filter(pk=self.conversation.pk).exists())

    def test_only_what_is_in_the_bin_is_deleted(self):
        self.assertEqual(self.post("delete").status_code, 404)
        self.client.post(reverse("conversations:bin_empty"))
        self.assertTrue(Conversation.objects.filter(pk=self.conversation.pk).exists())
        self.post("remove")
        self.assertRedirects(self.post("delete"), self.bin)
        self.assertFalse(Conversation.objects.filter(pk=self.conversation.pk).exists())

    def test_it_goes_on_page_by_page(self):
        now = timezone.now()
        for number in range(3):
            make_conversation(
                self.alice, self.persona, title=f"Old {number}", deleted_at=now
            )
        titles, url = [], self.bin
        with self.settings(CHAT_CONVERSATIONS_PER_PAGE=2):
            while url:
                context = self.client.get(url).context
                titles += [c.title for c in context["conversations"]]
                url = context["next_url"]
        self.assertEqual(sorted(titles), ["Old 0", "Old 1", "Old 2"])

    def test_the_archive_shows_what_is_archived(self):
        archive = reverse("conversations:archive_list")
        self.assertNotContains(self.client.get(archive), "archived-")
        self.post("archive")
        self.assertContains(
            self.client.get(archive), f"archived-{self.conversation.pk}"
        )
        self.client.force_login(self.bob)
        self.assertNotContains(self.client.get(archive), "archived-")
