"""What a few typed letters name, and what they name best."""

import pytest

from conversations.matching import best, folded, score


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("pla", "Plans for spring"),
        ("SPRING", "Plans for spring"),
        ("spr pla", "Plans for spring"),
        ("cafe", "Café in Jalan Braga"),
        ("ＡＢＣ", "abc"),
        ("天气", "今天天气怎么样"),
        ("날씨", "오늘 날씨"),
        ("plnsp", "Plans for spring"),
    ],
)
def test_it_is_named(query, text):
    assert score(folded(query), folded(text)) > 0


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("winter", "Plans for spring"),
        ("plans winter", "Plans for spring"),
        ("pg", "Plans for spring"),
        ("psg", "Plans for the whole of next spring"),
        ("", "Plans"),
    ],
)
def test_it_is_not_named(query, text):
    assert score(folded(query), folded(text)) == 0


def test_the_start_is_better_than_a_word_than_its_middle_than_scattered_letters():
    names = ["Sea eprn tag", "Despring", "In spring", "Spring", "s p r i n g"]
    assert best("spring", names, str, most=3) == ["Spring", "In spring", "Despring"]
    assert best("sprn", names, str, most=5)[-1] == "s p r i n g"


def test_equals_stay_in_their_order_and_nothing_typed_names_all():
    names = ["Spring one", "Spring two", "Autumn"]
    assert best("spring", names, str, most=9) == names[:2]
    assert best(" ", names, str, most=2) == names[:2]


def test_accents_that_are_letters_of_their_script_stay():
    assert folded("が") != folded("か")
