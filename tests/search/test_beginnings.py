"""Words somebody has half typed: the newest texts are read first, then the index."""

from unittest import mock

from conversations.models import Message
from conversations.search import beginnings, find
from conversations.search.entries import found
from conversations.search.query import parse
from tests.base import ChatTestCase, make_conversation

TEXTS = [
    "The rainbow appears after the rain",
    "snow_rain and brain",
    "ＲＡＩＮＢＯＷ",
    "彩虹rainbow天气",
    "Un café crème, STRAßE",
    "Strassenbahn",
    "bicafe",
    "今天天气",
    "",
]
BEGINNINGS = ["rain", "rainb", "cafe", "stras", "天", "天气", "after rain", "snow brai"]


class BeginningTests(ChatTestCase):
    def setUp(self):
        super().setUp()
        self.talk = make_conversation(self.alice, self.persona, title="Rainfall")

    def say(self, *texts):
        rows = [Message(conversation=self.talk, role="user", text=t) for t in texts]
        Message.objects.bulk_create(rows)

    def test_the_newest_texts_say_what_the_index_says(self):
        self.say(*TEXTS)
        for beginning in BEGINNINGS:
            with self.subTest(beginning), mock.patch.object(beginnings, "NEWEST", 0):
                query = parse(beginning)
                by_index, _problems = found(self.alice, query, limit=len(TEXTS) + 2)
                self.assertTrue(by_index)
            # So many fill the page, so that no other question is asked.
            with self.subTest(beginning), self.assertNumQueries(1):
                by_reading, _problems = found(self.alice, query, limit=len(by_index))
            self.assertEqual(by_reading, by_index)

    def test_what_is_older_than_the_newest_texts_is_found_in_its_place(self):
        texts = [f"rainbow {n}" if n % 3 else f"snow {n}" for n in range(90)]
        self.say(*texts)
        expected = [text for text in reversed(texts) if "rainbow" in text]
        with mock.patch.object(beginnings, "NEWEST", 40):
            self.assertEqual(self.read("rainb"), expected)

    def test_what_is_gone_or_rare_or_too_much_to_read_is_left_to_the_index(self):
        entries = [(3, None), (2, "снег " * 30_000), (1, "rainbow")]
        self.assertIsNone(beginnings.filled(entries, ["rain"], 1))
        rare = [(n, "snow") for n in range(90, 2, -1)]
        self.assertIsNone(beginnings.filled([*rare, *entries[2:]], ["rain"], 1))
        self.assertEqual(beginnings.filled(entries[2:], ["rain"], 1), [(1,)])

    def read(self, query):
        """Return the texts of one page after the other."""
        texts, before = [], None
        while True:
            page = find(self.alice, query, before=before)
            texts += [hit.message.text for group in page.groups for hit in group.hits]
            if (before := page.next_before) is None:
                return texts
