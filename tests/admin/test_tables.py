"""What the admin's lists have, as a file of any length."""

from contextlib import aclosing
from types import SimpleNamespace

from asgiref.sync import async_to_sync
from django.urls import reverse

from conversations.admin.tables import download
from conversations.streaming import PIECE_BYTES

from .base import AdminTestCase


@async_to_sync
async def first_piece_of(response):
    async with aclosing(aiter(response)) as pieces:
        return await anext(pieces)


class DownloadTests(AdminTestCase):
    def test_its_first_lines_are_sent_before_the_next_are_made(self):
        made = []

        def found():
            for number in range(3):
                made.append(number)
                yield "x" * PIECE_BYTES

        response = download(SimpleNamespace(user=self.bob), "rows.csv", found())
        self.assertEqual(len(first_piece_of(response)), PIECE_BYTES)
        self.assertEqual(made, [0])


class FilterTests(AdminTestCase):
    def test_a_filter_that_the_list_forgives_leads_to_the_list(self):
        page = reverse("admin:conversations_usageentry_csv")
        response = self.client.get(page, {"created_at__gte": "soon"})
        self.assertRedirects(
            response, reverse("admin:conversations_usageentry_changelist") + "?e=1"
        )
