"""What the list holds, where each stands in it, and by which index it is found."""

from datetime import timedelta

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from conversations import listing
from conversations.actions.conversations import (
    MOST_PINNED,
    archive_conversations,
    mark_unread,
)
from conversations.actions.folders import change_folder, create_folder, remove_folder
from conversations.models import Conversation, Folder
from conversations.protocol import lists
from tests.base import ChatTestCase, make_conversation


class ListPageTests(ChatTestCase):
    def add(self, title, **fields):
        return make_conversation(self.bob, self.persona, title=title, **fields)

    def page(self, **options):
        return listing.list_page(self.bob, **options)

    def by_day(self):
        return [c.title for group in self.page().groups for c in group.conversations]

    def test_what_was_pinned_together_keeps_its_order(self):
        now = timezone.now()
        kept = [
            self.add(f"{n} days old", pinned_at=now, updated_at=now - timedelta(n))
            for n in (2, 0, 1)
        ]
        in_order = ["0 days old", "1 days old", "2 days old"]
        self.assertEqual([row.title for row in self.page().pinned], in_order)
        frames = lists.changed(self.bob, [row.pk for row in kept])
        by_pk = {str(row.pk): row.title for row in kept}
        self.assertEqual([by_pk[f["conversation"]] for f in frames], in_order)

    def test_each_stands_in_exactly_one_place(self):
        now = timezone.now()
        folder = Folder.objects.create(owner=self.bob, name="Work")
        self.add("by day")
        self.add("pinned", pinned_at=now)
        self.add("pinned, in a folder", pinned_at=now - timedelta(1), folder=folder)
        self.add("in a folder", folder=folder)
        self.add("archived", archived_at=now)
        self.add("in the bin", deleted_at=now)
        self.add("temporary", expires_at=now + timedelta(hours=1))
        page = self.page(opened={folder.pk})
        self.assertEqual(
            [c.title for c in page.pinned], ["pinned", "pinned, in a folder"]
        )
        self.assertEqual(
            [c.title for c in page.folders[0].conversations], ["in a folder"]
        )
        self.assertEqual(self.by_day(), ["by day"])

    def test_what_was_brought_in_pinned_is_all_there_however_much_it_is(self):
        now = timezone.now()
        fields = {"owner": self.bob, "persona": self.persona, "title": "Brought in"}
        Conversation.objects.bulk_create(
            Conversation(**fields, updated_at=now, pinned_at=now)
            for _ in range(MOST_PINNED + 30)
        )
        self.assertEqual(len(self.page().pinned), MOST_PINNED + 30)

    def test_only_what_is_unfolded_is_looked_up(self):
        folders = [
            Folder.objects.create(owner=self.bob, name=f"{number}", position=number)
            for number in range(200)
        ]
        with self.assertNumQueries(4):
            page = self.page()
        self.assertEqual(len(page.folders), 200)
        opened = {folder.pk for folder in folders}
        with self.assertNumQueries(4 + listing.MOST_OPEN):
            page = self.page(opened=opened)
        self.assertTrue(all(group.is_open for group in page.folders))

    @override_settings(CHAT_CONVERSATIONS_PER_PAGE=2)
    def test_a_folder_is_read_page_by_page(self):
        folder = Folder.objects.create(owner=self.bob, name="Work")
        now = timezone.now()
        for number in range(5):
            self.add(f"{number}", folder=folder, updated_at=now - timedelta(number))
        titles, before = [], ""
        while True:
            group = listing.folder_page(self.bob, folder, before=before)
            titles += [c.title for c in group.conversations]
            if not group.next_url:
                break
            before = group.next_url.partition("before=")[2]
        self.assertEqual(titles, list("01234"))

    def test_folders_of_others_are_not_there(self):
        Folder.objects.create(owner=self.alice, name="Secret")
        self.assertEqual(self.page().folders, [])


class ChangedSinceTests(ChatTestCase):
    def setUp(self):
        self.then = timezone.now()

    def changed(self):
        return listing.changed_since(self.alice, self.then)

    def age(self):
        old = self.then - timedelta(days=9)
        Conversation.objects.update(updated_at=old, replied_at=old, read_at=old)

    def test_what_was_arranged_is_among_it_however_old(self):
        self.age()
        self.assertEqual(self.changed(), [])
        archive_conversations(rows=Conversation.objects.editable_by(self.alice))
        self.assertEqual(self.changed(), [self.conversation])
        self.assertFalse(listing.is_listed(self.changed()[0]))

    def test_so_is_what_was_marked_unread(self):
        self.age()
        mark_unread(conversation=self.conversation)
        self.assertEqual(self.changed(), [self.conversation])

    def test_any_change_of_the_folders_is_another_version(self):
        def version():
            return listing.version_of(listing.folders_of(self.alice.pk), [])

        seen = [version()]
        folder = create_folder(user=self.alice, name="Work")
        seen.append(version())
        change_folder(folder=folder, name="Works", persona=None)
        seen.append(version())
        remove_folder(folder=folder)
        self.assertEqual(len(set(seen)), 3)
        self.assertEqual(version(), seen[0])


def queries(user, folder):
    """By name: the query, and the indexes that have it in its order."""
    moment = timezone.now()
    mine, everything = Conversation.objects.owned_by(user), Conversation.objects
    row = (moment, "f" * 32)
    by_day = ["conversation_loose"]
    return {
        "by day": (mine.placed(), by_day),
        "by day, further": (mine.placed().after(*row), by_day),
        "in a folder": (mine.placed(folder), ["conversation_in_folder"]),
        "pinned": (mine.pinned(), ["conversation_pinned"]),
        "archive": (mine.archived(), ["conversation_archive"]),
        "archive, further": (
            mine.archived().after(*row, "archived_at"),
            ["conversation_archive"],
        ),
        "bin": (everything.in_bin_of(user), ["conversation_own_bin"]),
        "due": (
            everything.out_of_bin().order_by(),
            ["conversation_bin", "conversation_own_bin"],  # where both are empty
        ),
        "expired": (everything.expired(), ["conversation_temporary"]),
        "arranged": (
            everything.filter(owner=user, arranged_at__gte=moment),
            ["conversation_arranged"],
        ),
    }


class PlanTests(ChatTestCase):
    """Of 6,000 conversations, bob has 2,000: half of them in one folder."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.folder = Folder.objects.create(owner=cls.bob, name="Work")
        now = timezone.now()
        Conversation.objects.bulk_create(
            Conversation(
                owner=cls.alice if number % 3 else cls.bob,
                persona=cls.persona,
                folder=None if number % 6 else cls.folder,
                title="A talk",
                updated_at=now - timedelta(minutes=number),
            )
            for number in range(6000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def test_what_is_listed_is_read_from_an_index_in_its_order(self):
        for name, (rows, indexes) in queries(self.bob, self.folder).items():
            with self.subTest(name):
                plan = rows[:51].explain()
                self.assertTrue([i for i in indexes if f" {i} " in plan], plan)
                self.assertNotIn("TEMP B-TREE", plan)
                self.assertNotIn("Sort", plan)
