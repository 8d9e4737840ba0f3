"""Answers that are sent as they are made."""

from contextlib import aclosing

from django.test import SimpleTestCase
from django.utils import timezone, translation

from conversations.streaming import PIECE_BYTES, StreamedResponse


class StreamedResponseTests(SimpleTestCase):
    async def test_the_first_piece_is_there_before_the_second_is_made(self):
        made = []

        def parts():
            for number in range(3):
                made.append(number)
                yield "x" * PIECE_BYTES

        async with aclosing(aiter(StreamedResponse(parts()))) as pieces:
            self.assertEqual(len(await anext(pieces)), PIECE_BYTES)
            self.assertEqual(made, [0])
            self.assertEqual(len([piece async for piece in pieces]), 2)

    async def test_small_parts_go_together(self):
        response = StreamedResponse("水" for _ in range(1000))
        self.assertEqual([piece async for piece in response], ["水".encode() * 1000])

    async def test_nothing_is_an_empty_answer(self):
        self.assertEqual([piece async for piece in StreamedResponse([])], [])

    async def test_later_parts_are_in_the_language_of_the_request_too(self):
        def parts():
            for _ in range(2):
                yield f"{translation.get_language()} {timezone.get_current_timezone()}"
                yield " " * PIECE_BYTES

        with translation.override("id"), timezone.override("Asia/Jakarta"):
            response = StreamedResponse(parts())
        found = [piece.decode().strip() async for piece in response]
        self.assertEqual(found, ["id Asia/Jakarta", "id Asia/Jakarta"])
        self.assertNotEqual(translation.get_language(), "id")
