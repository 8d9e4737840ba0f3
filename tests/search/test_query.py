"""What a person types is read as words, phrases and operators."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conversations.search.query import LONGEST, MOST_PHRASES, parse


def tokens(text):
    return [" ".join(phrase.tokens) for phrase in parse(text).phrases]


@pytest.mark.parametrize(
    ("text", "found"),
    {
        "two words": ["two", "words"],
        '"two words" more': ["two words", "more"],
        "“curly quotes” 「角括号」": ["curly quotes", "角括 括号"],
        '"left open': ["left open"],
        "天气很好": ["天气 气很 很好"],
        "天气 很好": ["天气", "很好"],
        "AI模型": ["ai", "模型"],
        "好": ["好"],
        "don't": ["don t"],
        "https://example.org/a": ["https example org a"],
        "again again": ["again"],
        "!!! ...": [],
        "persona:x folder:y": [],
        "unknown:thing": ["unknown thing"],
    }.items(),
)
def test_words_and_phrases(text, found):
    assert tokens(text) == found


def test_only_the_last_word_may_be_unfinished_and_only_when_it_says_enough():
    assert [p.is_beginning for p in parse("rain rainb").phrases] == [False, True]
    assert [p.is_beginning for p in parse("rai").phrases] == [False]
    assert [p.is_beginning for p in parse('"rainbow"').phrases] == [False]


def test_a_single_sign_is_the_beginning_of_a_pair():
    assert parse("天").phrases[0].is_beginning


def test_names_may_be_in_quotes_and_of_any_keyboard():
    query = parse('persona:"Kak Pintar" Folder：“My school” folder:「学校」')
    assert query.personas == ["Kak Pintar"]
    assert query.folders == ["My school", "学校"]
    assert query.phrases == []


def test_a_year_or_a_month_stands_for_its_first_day_in_the_readers_zone():
    with timezone.override(ZoneInfo("Asia/Seoul")):
        query = parse("after:2026 before:2026-02")
    assert query.after.astimezone(UTC) == datetime(2025, 12, 31, 15, tzinfo=UTC)
    assert query.before.astimezone(UTC) == datetime(2026, 1, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "is_pinned", "is_archived"),
    [
        ("pinned:yes", True, None),
        ("pinned:no", False, None),
        ("is:pinned", True, None),
        ("is:archived", None, True),
        ("IS:Archived", None, True),
    ],
)
def test_states(text, is_pinned, is_archived):
    query = parse(text)
    assert (query.is_pinned, query.is_archived) == (is_pinned, is_archived)
    assert query.problems == []


@pytest.mark.parametrize(
    "text", ["before:yesterday", "after:2026-13", "is:new", "pinned:maybe", "before:0"]
)
def test_what_is_not_understood_is_said_and_left_out(text):
    query = parse(f"rainbow {text}")
    assert len(query.problems) == 1
    assert text in query.problems[0]
    assert tokens(f"rainbow {text}") == ["rainbow"]


def test_a_day_that_began_before_the_first_year_is_no_date():
    with timezone.override(ZoneInfo("Asia/Seoul")):
        query = parse("rainbow after:0001")
    assert (query.after, len(query.problems)) == (None, 1)


def test_endless_questions_are_cut():
    many = " ".join(f"word{number}" for number in range(100))
    assert len(parse(many).phrases) <= MOST_PHRASES
    assert len("".join(tokens("x" * 5000))) == LONGEST
