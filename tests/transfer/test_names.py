import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.transfer.names import LONGEST_BYTES, file_stem


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Water", "Water"),
        ("水是什么？", "水是什么？"),
        ("물이 뭐예요", "물이 뭐예요"),
        ("ما هو الماء", "ما هو الماء"),
        ("../../etc/passwd", "etc passwd"),
        ('a<b>c:d"e|f?g*h\\i', "a b c d e f g h i"),
        ("line\nbreak\r\tand\x00more", "line break and more"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("  .hidden. ", "hidden"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "conversation"),
        ("///", "conversation"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_keeps(title, stem):
    assert file_stem(title) == stem


@given(st.text(max_size=300))
def test_no_title_makes_a_name_that_leads_elsewhere(title):
    stem = file_stem(title)
    assert stem
    assert len(stem.encode()) <= LONGEST_BYTES + 1
    assert not set(stem) & set('<>:"/\\|?*\n\r\t\0')
    assert stem.strip(" .") == stem or stem.startswith("_")
    assert file_stem(stem) == stem


def test_a_long_name_is_cut_between_two_letters():
    stem = file_stem("เ" + "ก็" * 100)
    assert len(stem.encode()) <= LONGEST_BYTES
    following = ("เ" + "ก็" * 100)[len(stem)]
    assert not unicodedata.combining(following)
