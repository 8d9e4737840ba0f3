"""What is too much, or not what it says, is refused with a sentence."""

import json
import struct
import zipfile

import pytest

from conversations.transfer import chatgpt as reader
from conversations.transfer import packages
from conversations.transfer.failures import TransferFailed
from conversations.transfer.limits import Limits, limits
from tests.transfer.packing import chatgpt, pack, question, read, reply, talk, write


def refused(path, limits=None):
    with pytest.raises(TransferFailed) as failure:
        read(path, limits)
    return str(failure.value)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/conversations.json",
        "/conversations.json",
        "a/../../b",
        "C:\\a",
        "..\\b",
    ],
)
def test_names_that_lead_out_of_the_zip(tmp_path, name):
    path = pack(tmp_path / "a", {"conversations.json": [talk()], name: "[]"})
    assert refused(path) == (
        "This ZIP holds a file that would be unpacked outside of it."
    )


def test_a_zip_of_spaces(tmp_path, monkeypatch):
    path = pack(tmp_path / "a", {"conversations.json": b"[" + b" " * 5_000_000 + b"]"})
    assert read(path) == ([], [])  # it is small enough to be read
    monkeypatch.setattr(packages, "_SMALL_BYTES", 1_000_000)
    assert "more tightly" in refused(path)


def test_a_zip_larger_than_it_may_be_unpacked(tmp_path):
    path = pack(tmp_path / "a", {f"conversations-{n}.json": [talk()] for n in range(9)})
    assert refused(path, Limits(unpacked_bytes=2000)) == (
        "Unpacked, this ZIP is larger than 0 MB."
    )


def test_what_is_no_conversation_does_not_count(tmp_path):
    members = {"conversations.json": [talk()], "recording.wav": bytes(100_000)}
    path = pack(tmp_path / "a", members)
    assert len(read(path, Limits(unpacked_bytes=5000, ratio=10))[0]) == 1


def test_a_zip_that_says_less_than_it_holds_is_read_no_further(tmp_path):
    path = pack(tmp_path / "a", {"conversations.json": [talk(n) for n in range(50)]})
    data = bytearray(path.read_bytes())
    (size,) = struct.unpack_from("<I", data, data.index(b"PK\x01\x02") + 24)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + place, size // 2)
    path.write_bytes(data)
    entries, faults = read(path)
    assert len(entries) < 50
    assert faults[-1].why == "The file is damaged, or ends, here."


def test_more_files_than_a_zip_may_hold(tmp_path):
    path = pack(tmp_path / "a", {f"conversations/{n}.json": "{}" for n in range(9)})
    assert refused(path, Limits(members=8)) == "This ZIP holds more than 8 files."


def test_a_directory_larger_than_its_files_need_is_not_even_read(tmp_path, monkeypatch):
    path = pack(tmp_path / "a", {"conversations.json": [talk()]})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x05\x06") + 12, 2**31)
    path.write_bytes(data)

    def read_it(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(zipfile, "ZipFile", read_it)
    assert refused(path, Limits(members=10)) == "This ZIP holds more than 10 files."


def test_files_of_a_zip_within_the_zip_count_too(tmp_path):
    inner = pack(tmp_path / "b", {f"{n}.json": "{}" for n in range(5)})
    members = {"a.zip": inner.read_bytes(), "b.zip": inner.read_bytes()}
    path = pack(tmp_path / "a", members)
    assert refused(path, Limits(members=11)) == "This ZIP holds more than 11 files."
    assert read(path, Limits(members=12))[0] == []


def test_a_zip_in_a_zip_in_a_zip_is_not_opened(tmp_path):
    content = pack(tmp_path / "0", {"conversations.json": [talk()]}).read_bytes()
    for level in range(1, 4):
        content = pack(tmp_path / str(level), {"a.zip": content}).read_bytes()
    assert read(tmp_path / "1")[0] != []
    assert read(tmp_path / "2") == ([], [])


def test_an_encrypted_zip(tmp_path):
    path = pack(tmp_path / "a", {"conversations.json": [talk()]})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path)


def test_a_zip_that_was_cut(tmp_path):
    path = pack(tmp_path / "a", {"conversations.json": [talk(n) for n in range(50)]})
    path.write_bytes(path.read_bytes()[:-100])
    assert refused(path) == "This ZIP is damaged. Fetch it again."


def test_a_shard_that_is_damaged_leaves_the_others(tmp_path):
    members = {f"conversations-00{n}.json": [talk(n)] for n in range(3)}
    path = pack(tmp_path / "a", members, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"Question 1")] ^= 1  # the checksum does not fit any more
    path.write_bytes(data)
    entries, faults = read(path)
    assert {"c-0", "c-2"} <= {entry.source_id for entry in entries}
    assert [fault.why for fault in faults] == ["The file is damaged, or ends, here."]


def test_a_file_that_breaks_off(tmp_path):
    text = json.dumps([talk(1), talk(2)])
    entries, faults = read(write(tmp_path / "a", text[:-50]))
    assert [entry.source_id for entry in entries] == ["c-1"]
    assert [fault.why for fault in faults] == ["The file is damaged, or ends, here."]


def test_more_conversations_than_are_taken(tmp_path):
    path = write(tmp_path / "a", [talk(n) for n in range(5)])
    entries, faults = read(path, Limits(conversations=3))
    assert len(entries) == 3
    assert [fault.why for fault in faults] == [
        "It holds more than 3 conversations; what follows was left out."
    ]


def test_a_conversation_that_is_too_large_leaves_the_others(tmp_path):
    large = chatgpt(question("q", "x" * 5000), number=2, title="The large one")
    path = write(tmp_path / "a", [talk(1), large, talk(3)])
    entries, faults = read(path, Limits(conversation_characters=4000))
    assert [entry.source_id for entry in entries] == ["c-1", "c-3"]
    assert [(f.title, f.why) for f in faults] == [
        ("The large one", "It is larger than 0 MB.")
    ]


def test_a_conversation_with_a_message_that_is_too_long_is_named(tmp_path):
    long = chatgpt(
        question("q", "Hi", children=["a"]), reply("a", "x" * 101, "q"), title="Long"
    )
    _, faults = read(write(tmp_path / "a", [long]), Limits(message_characters=100))
    assert [(f.title, f.why) for f in faults] == [
        ("Long", "A message in it is longer than 100 characters.")
    ]


def test_a_conversation_deeper_than_any(tmp_path):
    deep = '{"title": "Deep", "mapping": ' + "[" * 90 + "]" * 90 + "}"
    path = write(tmp_path / "a", f"[{deep}, {json.dumps(talk())}]")
    entries, faults = read(path, Limits(depth=50))
    assert len(entries) == 1
    assert [(f.title, f.why) for f in faults] == [("Deep", "It is damaged.")]


def test_librechat_a_thousand_messages_inside_each_other(tmp_path):
    count = 1000
    opening = "".join(
        f'{{"messageId": "{n}", "isCreatedByUser": {str(n % 2 == 0).lower()}, '
        f'"text": "{n}", "children": ['
        for n in range(count)
    )
    text = f'{{"conversationId": "c", "messages": [{opening}{"]}" * count}]}}'
    (entry,), faults = read(write(tmp_path / "a", text))
    assert [turn.text for turn in entry.turns] == [str(n) for n in range(count)]
    assert faults == []


def test_what_is_in_no_known_format_is_named(tmp_path):
    _, faults = read(write(tmp_path / "a", [{"title": "Recipe", "steps": []}, 7, None]))
    assert [(f.title, f.why) for f in faults] == [
        ("Recipe", "It is in no format that this site reads."),
        ("", "It is no conversation."),
        ("", "It is no conversation."),
    ]
    assert all(fault.is_foreign for fault in faults)


def test_one_fault_of_our_own_is_not_the_files(tmp_path, monkeypatch):
    def stumble(value):
        if value["title"] == "Talk 2":
            raise TypeError
        return real(value)

    real = reader.read
    monkeypatch.setattr(reader, "read", stumble)
    entries, faults = read(write(tmp_path / "a", [talk(n) for n in (1, 2, 3)]))
    assert [entry.source_id for entry in entries] == ["c-1", "c-3"]
    assert [(f.title, f.why) for f in faults] == [("Talk 2", "It could not be read.")]


def test_what_was_said_here_may_come_back(settings):
    assert limits().message_characters >= settings.OPENAI_MAX_TEXT_BYTES
    assert limits().members >= 2 * limits().conversations
    settings.CHAT_MAX_MESSAGE_CHARACTERS = 10**9
    assert limits().message_characters == 10**9
    assert limits().conversation_characters > 10**9
