"""Each who takes part pins and archives a conversation for themselves."""

import json
from datetime import timedelta
from unittest import mock

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from conversations import listing, palette
from conversations.actions import conversations as actions
from conversations.models import Conversation, Participant
from conversations.search import find
from tests.base import ChatTestCase, make_conversation

OF_EACH = [("pin", "unpin", "pinned_at"), ("archive", "unarchive", "archived_at")]


class ArrangingTogetherTestCase(ChatTestCase):
    """Bob takes part in alice's conversation and is signed in; carol does not."""

    def setUp(self):
        cache.clear()
        Conversation.objects.update(has_people=True)
        now = timezone.now()
        self.place = Participant.objects.create(
            conversation=self.conversation, user=self.bob, joined_at=now
        )
        self.client.force_login(self.bob)

    def url(self, name, pk=None):
        name = f"conversations:conversation_{name}"
        return reverse(name, args=[pk or self.conversation.pk])

    def ask(self, url, data=None):
        """Post as a script does; return its answer."""
        headers = {"accept": "application/json"}
        return json.loads(self.client.post(url, data or {}, headers=headers).content)

    def now(self, column):
        """Return whether the owner has it so, and whether bob has."""
        self.conversation.refresh_from_db()
        self.place.refresh_from_db()
        return [
            getattr(row, column) is not None for row in (self.conversation, self.place)
        ]


class VerbTests(ArrangingTogetherTestCase):
    def test_each_verb_and_its_opposite_are_ones_own(self):
        for there, back, column in OF_EACH:
            with self.subTest(there):
                self.assertEqual(self.client.post(self.url(there)).status_code, 302)
                self.assertEqual(self.now(column), [False, True])
                self.client.force_login(self.alice)
                self.client.post(self.url(there))
                self.assertEqual(self.now(column), [True, True])
                self.client.force_login(self.bob)
                self.assertEqual(self.client.post(self.url(back)).status_code, 302)
                self.assertEqual(self.now(column), [True, False])

    def test_who_is_only_asked_or_a_stranger_changes_nothing(self):
        Participant.objects.create(conversation=self.conversation, user=self.carol)
        stranger = make_conversation(self.alice, self.persona)
        self.client.force_login(self.carol)
        for there, back, column in OF_EACH:
            for name in (there, back):
                for pk in (self.conversation.pk, stranger.pk):
                    response = self.client.post(self.url(name, pk))
                    self.assertEqual(response.status_code, 404)
            self.assertEqual(self.now(column), [False, False])
        self.assertFalse(Participant.objects.exclude(pinned_at=None).exists())

    def test_the_rest_stays_its_owners(self):
        for name in ("remove", "rename", "move"):
            with self.subTest(name):
                response = self.client.post(self.url(name), {"title": "x"})
                self.assertEqual(response.status_code, 404)
        bulk = reverse("conversations:conversation_bulk")
        data = {"verb": "pin", "conversation": [str(self.conversation.pk)]}
        self.assertEqual(self.client.post(bulk, data).status_code, 404)
        self.assertEqual(self.now("pinned_at"), [False, False])

    def test_undo_is_ones_own_too(self):
        rows = Participant.objects.filter(user=self.bob)
        token = actions.archive_conversations(rows=rows).token
        undo = reverse("conversations:conversation_undo")
        self.client.force_login(self.alice)
        self.ask(undo, {"token": token})
        self.assertEqual(self.now("archived_at"), [False, True])
        self.client.force_login(self.bob)
        self.ask(undo, {"token": token})
        self.assertEqual(self.now("archived_at"), [False, False])

    def test_there_is_an_end_to_how_many(self):
        other = make_conversation(self.alice, self.persona, has_people=True)
        now = timezone.now()
        Participant.objects.create(conversation=other, user=self.bob, joined_at=now)
        with mock.patch.object(actions, "MOST_PINNED", 1):
            self.client.post(self.url("pin", other.pk))
            self.assertIn("At most 1", str(self.ask(self.url("pin"))))
            self.assertEqual(self.now("pinned_at"), [False, False])
            for away in ({"deleted_at": now}, {"archived_at": now}):
                with self.subTest(away):
                    self.put_away(other, **away)
                    self.ask(self.url("pin"))
                    self.assertEqual(self.now("pinned_at"), [False, True])
                    self.ask(self.url("unpin"))

    def put_away(self, conversation, *, deleted_at=None, archived_at=None):
        Conversation.objects.filter(pk=conversation.pk).update(deleted_at=deleted_at)
        places = Participant.objects.filter(conversation=conversation)
        places.update(archived_at=archived_at)


class ListTests(ArrangingTogetherTestCase):
    def titles(self, user=None):
        page = listing.list_page(user or self.bob)
        return [[row.title for row in rows] for rows in (page.pinned, page.together)]

    def test_what_is_pinned_stands_on_top_among_ones_own(self):
        now = timezone.now()
        for title, hours in (("Old", 9), ("New", -9)):
            make_conversation(
                self.bob,
                self.persona,
                title=title,
                pinned_at=now - timedelta(hours=hours),
            )
        self.assertEqual(self.titles(), [["New", "Old"], ["A talk"]])
        answer = self.ask(self.url("pin"))
        self.assertEqual(answer["frames"][0]["group"], "pinned")
        self.assertIn("data-others", answer["frames"][0]["item"])
        self.assertEqual(self.titles(), [["New", "A talk", "Old"], []])
        self.assertEqual(self.titles(self.alice), [[], []])

    def test_what_is_archived_is_out_of_it_and_stands_in_the_archive(self):
        answer = self.ask(self.url("archive"))
        self.assertEqual(answer["frames"][0]["type"], "conversation.removed")
        self.assertEqual(self.titles(), [[], []])
        archive = reverse("conversations:archive_list")
        page = self.client.get(archive)
        self.assertContains(page, self.url("unarchive"))
        self.assertNotContains(page, self.url("remove"))
        self.client.force_login(self.alice)
        self.assertNotContains(self.client.get(archive), self.url("unarchive"))
        self.assertContains(self.client.get("/"), "A talk")

    def test_the_archive_has_it_on_one_page_between_ones_own(self):
        moment = timezone.now()
        for number in range(4):
            make_conversation(
                self.bob,
                self.persona,
                title=f"Own {number}",
                archived_at=moment - timedelta(days=number),
            )
        Participant.objects.update(archived_at=moment - timedelta(days=1, hours=1))
        with self.settings(CHAT_CONVERSATIONS_PER_PAGE=2):
            url, pages = reverse("conversations:archive_list"), []
            while url:
                context = self.client.get(url).context
                pages.append([row.title for row in context["conversations"]])
                url = context["next_url"]
        self.assertEqual(pages, [["Own 0", "Own 1"], ["A talk", "Own 2", "Own 3"]])

    def test_a_list_that_was_away_learns_of_it(self):
        before = listing.version_of([], Participant.objects.of(self.bob))
        self.client.post(self.url("pin"))
        after = listing.version_of([], Participant.objects.of(self.bob))
        self.assertNotEqual(before, after)

    def test_the_menu_and_the_palette_agree(self):
        self.client.post(self.url("pin"))
        self.client.post(self.url("archive"))
        menu = self.client.get(self.url("menu"))
        for there, back, _column in OF_EACH:
            self.assertContains(menu, self.url(back))
            self.assertNotContains(menu, self.url(there))
        self.assertEqual(palette.groups(self.bob, "A talk"), [])
        self.client.post(self.url("unarchive"))
        self.assertEqual(palette.groups(self.bob, "A talk")[0].key, "conversations")


class FindTests(ArrangingTogetherTestCase):
    def found(self, user, query):
        return find(user, f"water {query}").count

    def test_the_search_goes_by_what_each_has(self):
        for query, column, opposite in (
            ("pinned:yes", "pinned_at", "pinned:no"),
            ("is:archived", "archived_at", None),
        ):
            with self.subTest(query):
                self.assertEqual(self.found(self.bob, query), 0)
                Participant.objects.update(**{column: timezone.now()})
                self.assertEqual(self.found(self.bob, query), 1)
                self.assertEqual(self.found(self.alice, query), 0)
                (group,) = find(self.bob, "water").groups
                self.assertIsNotNone(getattr(group.conversation, column))
                (group,) = find(self.alice, "water").groups
                self.assertIsNone(getattr(group.conversation, column))
                if opposite:
                    self.assertEqual(self.found(self.bob, opposite), 0)
                    self.assertEqual(self.found(self.alice, opposite), 1)
