"""Text as the index has it, the same from Python and from PostgreSQL."""

import pytest
from django.db import connection
from hypothesis import given, settings, strategies
from hypothesis.extra.django import TestCase

from conversations.search.words import fold, words

AS_INDEXED = {
    "Hello, World!": "hello world",
    "É à ô ñ ü Å Ł Ø đ ẞ": "e a o n u a l o d ss",
    "Crème BRÛLÉE": "creme brulee",
    "ＡＢＣ１２３": "abc123",
    "ﾊﾝｶｸ": "ハ ハン ンカ カク ク",
    "天气很好": "天 天气 气很 很好 好",
    "学校。学校": "学 学校 校 学 学校 校",
    "AI模型v2": "ai 模 模型 型 v2",
    "안녕": "안 안녕 녕",
    "ไทย": "ไ ไท ทย ย",
    "好": "好 好",
    "snake_case, don't; 3.14": "snake case don t 3 14",
    "Привет, Ёлка": "привет елка",
    "ΟΔΟΣ οδός": "οδοσ οδοσ",
    "مَرْحَبًا أهلا": "مرحبا اهلا",
    "so\u00adft zero\u200bwidth": "soft zerowidth",
    "ready 👍🏽 go": "ready go",
    "¤5 ¤5t": "5 5t",
    "": "",
    "…!?": "",
}


@pytest.mark.parametrize(("text", "indexed"), AS_INDEXED.items())
def test_text_is_indexed_as_words_and_pairs(text, indexed):
    assert words(text) == indexed


def test_what_is_folded_twice_is_folded_once():
    for text in AS_INDEXED:
        assert fold(fold(text)) == fold(text)


class InTheDatabaseTests(TestCase):
    """What a person types is made into words by Python, a text by the database."""

    def words_of(self, text):
        if connection.vendor == "sqlite":
            return words(text)
        with connection.cursor() as cursor:
            cursor.execute("SELECT search_words(%s)", [text])
            return cursor.fetchone()[0]

    def test_the_examples_are_the_same(self):
        for text in AS_INDEXED:
            with self.subTest(text):
                self.assertEqual(self.words_of(text), words(text))

    @settings(max_examples=200)
    @given(
        strategies.text(
            strategies.characters(
                min_codepoint=1, max_codepoint=0xFFFF, categories=["L", "P", "Zs", "N"]
            )
        )
    )
    def test_any_letters_are_the_same(self, text):
        self.assertEqual(self.words_of(text), words(text))
