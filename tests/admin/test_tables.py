"""What the admin's lists have, as a file of any length."""

from contextlib import aclosing
from types import SimpleNamespace

from asgiref.sync import async_to_sync

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
