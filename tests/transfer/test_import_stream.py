"""JSON read piece by piece is what it is read whole; its faults stay where they are."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.transfer import json_stream
from conversations.transfer.json_stream import Damaged, Source

LONGEST = 1_000_000

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
keys = st.text(max_size=5)
objects = st.dictionaries(keys, values, max_size=3)
lists = st.lists(objects, max_size=3)
tried = settings(max_examples=60)


def in_chunks(text, size):
    data = text.encode("utf-8", "surrogatepass")
    return [data[at : at + size] for at in range(0, len(data), size)]


def sources(text, size=7, longest=LONGEST):
    return list(json_stream.entries(in_chunks(text, size), longest=longest))


def parsed(text, size=7):
    return [json_stream.parse(found, deepest=1000) for found in sources(text, size)]


@tried
@given(lists, st.booleans(), st.integers(1, 40))
def test_a_list_cut_anywhere_is_the_list(items, is_escaped, size):
    text = json.dumps(items, ensure_ascii=is_escaped, indent=1)
    assert parsed(text, size) == items


@tried
@given(objects, st.integers(1, 40))
def test_an_object_alone_is_itself(item, size):
    assert parsed(json.dumps(item), size) == [item]


@tried
@given(objects, lists, objects, st.integers(1, 40))
def test_the_list_in_an_object_is_found(before, items, after, size):
    fields = [*before.items(), ("conversations", items), *after.items()]
    told = ",".join(f"{json.dumps(key)}: {json.dumps(v)}" for key, v in fields)
    assert parsed(f"{{{told}}}", size) == items


@tried
@given(lists.filter(bool), st.integers(1, 40))
def test_objects_one_after_the_other(items, size):
    assert parsed("\n".join(map(json.dumps, items)), size) == items


@tried
@given(objects)
def test_the_deep_parser_agrees_with_the_shallow_one(item):
    text = json.dumps(item)
    deep = Source(text, depth=json_stream._SHALLOW + 1)
    assert json_stream.parse(deep, deepest=1000) == item


def test_what_is_nested_thousands_deep_is_parsed():
    text = '{"a":[' * 5000 + "1" + "]}" * 5000
    (source,) = sources(text, 1000)
    value, depth = json_stream.parse(source, deepest=20_000), 0
    while isinstance(value, dict):
        value, depth = value["a"][0], depth + 1
    assert (value, depth) == (1, 5000)


def test_deeper_than_the_limit_is_damaged():
    (source,) = sources("[" + "[" * 30 + "]" * 30 + "]")
    with pytest.raises(Damaged):
        json_stream.parse(source, deepest=20)


@pytest.mark.parametrize(
    "broken", ['{"a": }', '{"a": tru}', "{'a': 1}", '{"a" 1}', '["b",,]', "{]"]
)
def test_a_damaged_entry_leaves_the_others(broken):
    text = f'[{{"a": 1}}, {broken}, {{"b": 2}}]'
    good = []
    for source in sources(text):
        try:
            good.append(json_stream.parse(source, deepest=1000))
        except Damaged:
            continue
    assert (good[0], good[-1]) == ({"a": 1}, {"b": 2})


def test_what_other_parsers_refuse_costs_nobody():
    huge = "9" * 5000
    text = f'[{{"a": NaN}}, {{"a": "\x01"}}, {{"a": {huge}}}, {{"a": "\\ud800"}}, {{}}]'
    found = sources(text)
    assert len(found) == 5
    assert json_stream.parse(found[1], deepest=9) == {"a": "\x01"}
    with pytest.raises(Damaged):
        json_stream.parse(found[2], deepest=9)


@tried
@given(st.integers(1, 60))
def test_what_is_too_large_is_passed_over_with_its_beginning_kept(size):
    large = json.dumps({"title": "Large", "text": 'x"[{\\' * 500})
    text = f'[{{"a": 1}}, {large}, {{"b": 2}}]'
    small, passed, other = sources(text, size, longest=100)
    assert passed.is_too_large
    assert passed.text.startswith('{"title": "Large"')
    assert len(passed.text) <= 4096
    assert (small.text, other.text) == ('{"a": 1}', '{"b": 2}')


def test_an_object_that_is_too_large_on_the_whole():
    (source,) = sources(json.dumps({str(n): "x" * 20 for n in range(20)}), 7, 100)
    assert source.is_too_large


def test_a_million_brackets_are_too_large():
    text = json.dumps({"a": [[]] * 1_000_001})
    (source,) = sources(f"[{text}]", 100_000, 100_000_000)
    assert source.is_too_large


@pytest.mark.parametrize(
    "text", ['[{"a": 1}, {"b": "', '[{"a": 1},', '[{"a": 1}', '[{"a": 1}] rest']
)
def test_a_file_that_breaks_off_gives_what_came_before(text):
    found = json_stream.entries(in_chunks(text, 5), longest=LONGEST)
    assert next(found).text == '{"a": 1}'
    with pytest.raises(Damaged):
        next(found)


@pytest.mark.parametrize("text", ["", "  ", "%PDF-1.7", "<html>", '"text"', "12", "]"])
def test_what_is_no_json_with_conversations_is_damaged(text):
    with pytest.raises(Damaged):
        sources(text)


@tried
@given(st.text(alphabet='{}[]",:\\ ae1\n', max_size=60), st.integers(1, 9))
def test_no_text_raises_anything_else(text, size):
    with suppress(Damaged):
        parsed(text, size)
