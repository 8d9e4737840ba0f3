"""Who takes part finds what is said, and no longer once they are gone."""

from django.db import connection
from django.utils import timezone

from conversations.models import Message, Participant
from conversations.search import entries, find, index
from tests.base import ChatTestCase


class SearchTogetherTests(ChatTestCase):
    def add(self, user, *, joined=True):
        joined_at = timezone.now() if joined else None
        return Participant.objects.create(
            conversation=self.conversation, user=user, joined_at=joined_at
        )

    def found(self, user, query="water"):
        return find(user, query).count

    def test_who_joins_finds_what_was_said_before_and_since(self):
        place = self.add(self.bob, joined=False)
        self.assertEqual(self.found(self.bob), 0)
        place.joined_at = timezone.now()
        place.save()
        self.assertEqual(self.found(self.bob), 1)
        Message.objects.create(
            conversation=self.conversation, role="user", text="A weasel"
        )
        for user in (self.alice, self.bob):
            self.assertEqual(self.found(user, "weasel"), 1)
            self.assertEqual(self.found(user, "talk"), 1)  # its title
        self.assertEqual(self.found(self.carol, "weasel"), 0)
        self.assertFalse(index.check(connection))

    def test_who_is_gone_finds_nothing_and_the_others_still_do(self):
        bobs, _carols = self.add(self.bob), self.add(self.carol)
        self.assertEqual(self.found(self.bob), 1)
        bobs.delete()
        self.assertEqual(self.found(self.bob), 0)
        self.assertEqual(self.found(self.carol), 1)
        self.assertEqual(self.found(self.alice), 1)
        self.assertFalse(index.check(connection))

    def test_a_hit_names_who_wrote_it(self):
        self.add(self.bob)
        self.conversation.has_people = True
        self.conversation.save()
        for user, writer in ((self.alice, None), (self.bob, "alice")):
            (group,) = find(user, "water").groups
            self.assertEqual(group.hits[0].message.writer, writer)

    def test_what_narrows_a_search_goes_by_an_index(self):
        self.add(self.bob)
        plan = entries._listed(self.bob).order_by().explain()
        self.assertNotIn("SCAN conversations_conversation", plan)
        self.assertEqual(self.found(self.bob, "water persona:helper"), 1)
        self.assertEqual(self.found(self.carol, "water persona:helper"), 0)

    def test_the_index_made_anew_knows_them(self):
        self.add(self.bob)
        for _done in index.rebuild():
            pass
        self.assertEqual(self.found(self.bob), 1)
        self.assertFalse(index.check(connection))

    def test_what_its_owner_did_with_it_is_told_to_nobody(self):
        folder = self.alice.folders.create(name="Secret")
        self.conversation.folder = folder
        self.conversation.pinned_at = timezone.now()
        self.conversation.save()
        self.add(self.bob)
        (group,) = find(self.bob, "water").groups
        self.assertIsNone(group.conversation.folder)
        self.assertIsNone(group.conversation.pinned_at)
        self.assertEqual(self.found(self.bob, "water pinned:yes"), 0)
        self.assertEqual(self.found(self.alice, "water pinned:yes"), 1)
