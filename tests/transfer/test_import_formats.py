"""What each format is read into, from a small file of its own."""

import json
from datetime import UTC, datetime

from tests.transfer.packing import (
    FILES,
    chatgpt,
    outline,
    pack,
    question,
    read,
    reply,
    sample,
    write,
)


def entries_of(name):
    entries, faults = read(FILES / f"{name}.json")
    return entries, faults


def test_chatgpt_keeps_the_tree_the_times_and_the_place_it_was_left_at():
    (rain, _), _ = entries_of("chatgpt")
    assert (rain.source, rain.source_id[-4:]) == ("chatgpt", "0001")
    assert rain.title == "Rain barrel"
    assert rain.is_pinned
    assert not rain.is_archived
    assert rain.created_at == datetime(2024, 10, 27, 3, 33, 20, 250000, UTC)
    assert rain.updated_at == datetime(2024, 10, 27, 3, 48, 20, 500000, UTC)
    assert [(turn.id, turn.parent) for turn in rain.turns] == [
        ("q1", None),
        ("a1-old", "q1"),
        ("a1", "q1"),
        ("q2", "a1"),
        ("a2", "q2"),
    ]
    assert rain.head == "a2"
    assert [turn.model for turn in rain.turns] == ["", "gpt-4o", "o4-mini", "", "gpt-5"]
    assert rain.turns[0].created_at == datetime(2024, 10, 27, 3, 33, 30, tzinfo=UTC)


def test_chatgpt_code_output_and_thoughts_are_parts_of_the_reply():
    (rain, _), _ = entries_of("chatgpt")
    reply = rain.turns[2]
    assert reply.text.startswith(
        "```python\nprint(200 / 12)\n```\n\n```text\n16.666666666666668\n```\n\nSome"
    )
    assert reply.reasoning == "**Dividing**\n\n200 l over 12 m² is 200 / 12 mm."
    assert reply.reasoning_seconds == 4


def test_chatgpt_marks_of_sources_become_links_or_go():
    (rain, _), _ = entries_of("chatgpt")
    said = rain.turns[2].text
    assert "fill it ([example.org](https://example.org/rain)). The" in said
    assert said.endswith("has the sums.")
    assert "\ue200" not in said
    assert "【" not in said


def test_chatgpt_pictures_and_files_are_noted():
    (rain, _), _ = entries_of("chatgpt")
    assert rain.turns[3].text == (
        "[Image: not imported]\n\nDoes this one leak?"
        "\n\n[File “manual.pdf”: not imported]"
    )


def test_chatgpt_without_title_and_metadata_is_taken_and_without_mapping_is_not():
    (_, barest), faults = entries_of("chatgpt")
    assert barest.title == ""
    assert barest.is_archived
    assert [turn.role for turn in barest.turns] == ["user", "assistant"]
    assert [(f.title, f.why) for f in faults] == [
        ("Lost entry", "There are no messages in it.")
    ]


def test_chatgpt_what_it_hides_is_not_shown(tmp_path):
    asked = question("q", "Asked", "note", children=["a"])
    note = question("note", "Remember that I like tea.", children=["q"])
    note["message"]["metadata"] = {"is_visually_hidden_from_conversation": True}
    path = write(tmp_path / "a", [chatgpt(note, asked, reply("a", "Told", "q"))])
    (entry,), _ = read(path)
    assert outline(entry) == [(None, "user", "Asked"), (0, "assistant", "Told")]


def test_no_half_characters_or_nul_in_code(tmp_path):
    code = {"content_type": "code", "language": "c", "text": "a\0b\ud800"}
    told = reply("a", "", "q")
    told["message"]["content"] = code
    (entry,), _ = read(
        write(tmp_path / "a", [chatgpt(question("q", "Hi", children=["a"]), told)])
    )
    assert entry.turns[1].text == "```c\na\ufffdb\ufffd\n```"


def test_chatgpt_in_shards_in_its_zip(tmp_path):
    first, second, lost = sample("chatgpt")
    path = pack(
        tmp_path / "export.zip",
        {
            "chat.html": "<html>",
            "user.json": {"id": "user-1"},
            "conversations-001.json": [second, lost],
            "conversations-000.json": [first],
            "shared_conversations.json": [{"id": "s", "title": "Rain barrel"}],
        },
    )
    entries, faults = read(path)
    assert [entry.source_id[-4:] for entry in entries] == ["0001", "0002"]
    assert len(faults) == 1


def test_chatgpt_in_a_zip_within_the_zip(tmp_path):
    inner = pack(tmp_path / "in.zip", {"conversations-000.json": sample("chatgpt")})
    path = pack(
        tmp_path / "out.zip",
        {"User Online Activity/chatgpt.zip": inner.read_bytes(), "a.json": {"b": 1}},
    )
    entries, _ = read(path)
    assert len(entries) == 2


def test_chatgpt_as_an_object_around_the_list(tmp_path):
    talks = sample("chatgpt")
    whole = {"version": 2, "conversations": talks, "count": 3}
    entries, faults = read(write(tmp_path / "any name", whole))
    assert (len(entries), len(faults)) == (2, 1)


def test_no_conversations_in_the_list_are_no_fault(tmp_path):
    assert read(write(tmp_path / "a", {"conversations": []})) == ([], [])


def test_claude_keeps_branches_attachments_and_thoughts():
    (dough, _), faults = entries_of("claude")
    assert (dough.source, dough.title) == ("claude", "Sourdough timing")
    assert [(turn.id, turn.parent) for turn in dough.turns] == [
        ("m1", None),
        ("m2", "m1"),
        ("m3", "m1"),
    ]
    asked, told, _ = dough.turns
    assert asked.text == (
        "When do I feed it?\n\n**log.txt**\n\n```\nMon 8:00 fed\nTue 8:10 fed\n```"
        "\n\n[File “starter.png”: not imported]"
    )
    assert told.text == (
        "Every day at the same time.\n\nTimer\n\n```python\nprint('feed')\n```"
    )
    assert told.reasoning == "Room temperature matters."
    assert dough.head == "m3"
    assert [fault.title for fault in faults] == ["Never begun"]


def test_claude_calls_of_tools_are_not_shown(tmp_path):
    talk = sample("claude")[1]
    talk["chat_messages"].insert(
        1,
        {
            "uuid": "call",
            "sender": "assistant",
            "text": "This block is not supported on your current device yet.",
            "content": [{"type": "tool_use", "name": "web_search", "input": {"q": 1}}],
        },
    )
    (entry,), _ = read(write(tmp_path / "a", [talk]))
    assert [turn.text for turn in entry.turns] == [
        "Apa itu ragi?",
        "Jamur yang sangat kecil.",
        "Terima kasih",
        "",
    ]


def test_claude_without_parents_is_in_the_order_of_the_file():
    (_, yeast), _ = entries_of("claude")
    assert outline(yeast) == [
        (None, "user", "Apa itu ragi?"),
        (0, "assistant", "Jamur yang sangat kecil."),
        (1, "user", "Terima kasih"),
        (2, "assistant", ""),
    ]
    assert yeast.turns[-1].state == "stopped"


def test_open_webui_keeps_the_tree_and_unfolds_thoughts():
    (tides, older), _ = entries_of("open-webui")
    assert (tides.source, tides.is_archived, tides.is_pinned) == (
        "open-webui",
        True,
        True,
    )
    assert outline(tides) == [
        (
            None,
            "user",
            "When is high tide?\n\n[Image: not imported]"
            "\n\n[File “harbour.csv”: not imported]",
        ),
        (0, "assistant", "At noon."),
        (0, "assistant", "At 12:40."),
    ]
    chosen = tides.turns[2]
    assert (chosen.model, chosen.reasoning) == ("qwen3:14b", "The moon & the sun.")
    assert chosen.reasoning_seconds == 3
    assert tides.head == "c"
    assert (older.turns[1].text, older.turns[1].reasoning) == ("Hello.", "A greeting.")


def test_librechat_flat():
    (knots,), _ = entries_of("librechat")
    assert (knots.source, knots.title) == ("librechat", "Knots")
    assert outline(knots) == [
        (None, "user", "Which knot holds a tarp?"),
        (0, "assistant", "A taut-line hitch."),
        (0, "assistant", "A trucker's hi"),
        (1, "user", "Show me.\n\n[Image: not imported]"),
        (3, "assistant", "Three turns, then pull."),
    ]
    assert knots.turns[2].reasoning == "Ropes slip."
    assert knots.turns[2].state == "interrupted"
    assert knots.head == "k5"
    assert knots.created_at == datetime(2024, 5, 28, 18, 8, 55, 14000, UTC)


def test_librechat_with_messages_inside_each_other():
    (knots,), _ = entries_of("librechat-recursive")
    assert outline(knots) == [
        (None, "user", "Which knot holds a tarp?"),
        (0, "assistant", "A taut-line hitch."),
        (1, "user", "Show me."),
        (2, "assistant", "Three turns, then pull."),
        (0, "assistant", "A trucker's hitch."),
    ]
    assert knots.turns[1].model == "gpt-4-turbo"


def test_chat_ui_with_and_without_ancestors():
    (bees, row), _ = entries_of("chat-ui")
    assert outline(bees) == [
        (None, "user", "Do bees sleep?\n\n[File “file-65f0-1.png”: not imported]"),
        (0, "assistant", "Yes."),
        (0, "assistant", "They do, at ni"),
    ]
    assert bees.turns[1].reasoning == "They rest."
    assert (bees.turns[2].state, bees.head) == ("interrupted", "w")
    assert [turn.parent for turn in row.turns] == [None, "1"]
    assert row.source_id == "65f0aaaaaaaaaaaaaaaaaaa2"
    assert row.updated_at == datetime(2024, 1, 1, 0, 1, tzinfo=UTC)


def test_chat_ui_line_by_line_as_mongodb_writes_it(tmp_path):
    lines = "\n".join(json.dumps(talk) for talk in sample("chat-ui"))
    assert len(read(write(tmp_path / "a.jsonl", lines))[0]) == 2


def test_our_own():
    (moss,), _ = entries_of("chatsite")
    assert (moss.source, moss.folder, moss.persona) == (
        "chatsite",
        "Garden",
        "gardener",
    )
    assert moss.is_pinned
    assert [(t.id, t.parent, t.state) for t in moss.turns] == [
        ("10", None, "finished"),
        ("11", "10", "finished"),
        ("12", "10", "stopped"),
    ]
    assert moss.turns[1].persona == ("gardener", 3)
    assert (moss.turns[0].author, moss.head) == ("Mina", "12")


def test_the_content_tells_the_format_not_the_name(tmp_path):
    mixed = [sample("claude")[0], sample("librechat"), sample("chatsite")]
    entries, faults = read(write(tmp_path / "conversations.zip", mixed))
    assert [entry.source for entry in entries] == ["claude", "librechat", "chatsite"]
    assert faults == []


def test_text_with_a_mark_at_its_beginning_and_in_utf_16(tmp_path):
    text = json.dumps(sample("claude"), ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16"):
        path = write(tmp_path / encoding, text.encode(encoding))
        assert read(path)[0][0].title == "Sourdough timing"
