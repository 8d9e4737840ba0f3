import pytest

from conversations.generation.titles import title_from


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("How do I sort a list?", "How do I sort a list?"),
        ("# Heading\n\nand more", "Heading and more"),
        ("Hi. Can you explain recursion? Thanks.", "Hi. Can you explain recursion?"),
        (
            "파이썬에서 리스트를 정렬하려면 어떻게 하나요?",
            "파이썬에서 리스트를 정렬하려면 어떻게 하나요?",
        ),
        ("请用简单的话解释什么是递归。谢谢！", "请用简单的话解释什么是递归。"),
        ("Apa itu **fungsi** dalam `Python`?", "Apa itu fungsi dalam Python?"),
        ("   ", ""),
    ],
)
def test_title_is_the_first_sentence_without_marks(text, title):
    assert title_from(text) == title


def test_long_title_is_cut_between_words():
    title = title_from("word " * 40)
    assert title.endswith("word…")
    assert len(title) <= 48


def test_long_title_without_spaces_is_cut_by_its_width():
    title = title_from("漢" * 100)
    assert title.endswith("…")
    assert 20 <= len(title) <= 25


def test_cut_never_parts_an_emoji_from_its_joiners():
    family = "👨\u200d👩\u200d👧"
    for pad in range(40, 50):
        title = title_from("x" * pad + family * 5)
        assert title.removesuffix("…").rstrip(family[0]).endswith(("x", family[-1]))
