"""Whatever a file holds, each of its conversations is taken or named with a reason."""

import copy
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.transfer import packages, reading
from conversations.transfer.entries import ASSISTANT, USER, Entry, Fault, Skipped
from conversations.transfer.failures import TransferFailed
from conversations.transfer.limits import Limits
from tests.transfer.packing import SAMPLES, sample

CONVERSATIONS = {
    name: found if isinstance(found, list) else [found]
    for name, found in ((name, sample(name)) for name in SAMPLES)
}
FORMS = {form.SOURCE: form for form in reading.FORMATS}
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -1, 0, 1e308, float("inf"), float("nan")]),
    st.text(max_size=8),
    st.sampled_from(
        [
            "\ud800",
            "a\0b",
            "user",
            "q1",
            "\ue200cite\ue202",
            "<think>",
            '<details type="reasoning"',
            "```",
            "9999-99-99T99:99:99Z",
            "0001-01-01T00:00:00+23:59",
        ]
    ),
    st.just([]),
    st.just({}),
    st.lists(st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.just([[]]),
    st.just({"$date": {"$numberLong": []}}),
)


def places_in(value, path=()):
    """Yield the path of every value inside `value`."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places_in(item, (*path, key))


def put(value, path, new):
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


@st.composite
def spoiled(draw):
    """A conversation of some format, with a few of its values put out of place."""
    form = draw(st.sampled_from(SAMPLES))
    entry = copy.deepcopy(draw(st.sampled_from(CONVERSATIONS[form])))
    for _ in range(draw(st.integers(1, 4))):
        places = list(places_in(entry))
        path = draw(st.sampled_from(places))
        other = draw(st.sampled_from(places))
        value = entry
        for key in other:
            value = value[key]
        put(entry, path, copy.deepcopy(draw(junk | st.just(value))))
    return entry


def check(entry):
    """An Entry is a tree of questions and replies that ends in a reply."""
    seen = {None: ASSISTANT}
    for turn in entry.turns:
        assert turn.role == (USER if seen[turn.parent] == ASSISTANT else ASSISTANT)
        assert turn.id not in seen
        seen[turn.id] = turn.role
        for said in (turn.text, turn.reasoning, turn.model):
            assert "\0" not in said
            said.encode()
    assert seen[entry.head] == ASSISTANT
    asked = {t.id for t in entry.turns if t.role == USER}
    assert asked == {t.parent for t in entry.turns if t.role == ASSISTANT}
    assert entry.created_at <= entry.updated_at
    assert 0 < len(entry.source_id) <= 100
    entry.title.encode()
    entry.folder.encode()


@settings(max_examples=500)
@given(spoiled())
def test_a_spoiled_conversation_is_taken_or_left_out(value):
    for form in reading.FORMATS:
        if form.recognises(value):
            with suppress(Skipped):
                check(reading.entry_of(form, value, Limits()))
            return


FIELDS = """
    mapping current_node title id conversation_id create_time message author role
    content content_type parts parent children metadata recipient text language
    chat_messages uuid sender attachments extracted_content files name chat history
    messages currentId parentId conversationId messageId parentMessageId
    isCreatedByUser options rootMessageId from ancestors format version head
    persona slug thoughts summary content_references matched_text alt items
"""
fields = st.sampled_from(FIELDS.split())
shaped = st.recursive(
    junk,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(fields, inner, max_size=6)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=25,
)


@pytest.mark.parametrize("source", FORMS)
@settings(max_examples=100)
@given(value=st.dictionaries(fields, shaped, max_size=8))
def test_no_reader_raises_anything_but_its_reason(source, value):
    form = FORMS[source]
    form.recognises(value)
    with suppress(Skipped):
        check(reading.entry_of(form, value, Limits()))


@settings(max_examples=100)
@given(data=st.data())
def test_a_damaged_zip_is_refused_or_read(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("zips") / "file"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("conversations.json", "user.json"):
            archive.writestr(name, json.dumps(CONVERSATIONS["claude"]))
    spoilt = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(len(spoilt) // 2, len(spoilt)))
    path.write_bytes(spoilt[: end if data.draw(st.booleans()) else None])
    with suppress(TransferFailed), reading.opened(path, Limits()) as package:
        for item in package:
            assert isinstance(item, Entry | Fault)


@settings(max_examples=100)
@given(tail=st.binary(max_size=200))
def test_anything_after_the_beginning_of_a_zip(tmp_path_factory, tail):
    path = tmp_path_factory.mktemp("zips") / "file"
    path.write_bytes(b"PK\x03\x04" + tail + b"PK\x05\x06" + tail[:18])
    with suppress(TransferFailed), packages.parts(path, Limits()) as parts:
        assert parts == []
