"""Times, ids and words as other sites write them."""

from datetime import UTC, datetime

import pytest

from conversations.transfer import values, wording
from conversations.transfer.chatgpt_texts import text_of, thoughts_of
from conversations.transfer.openwebui import _content

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
STAMP = NOON.timestamp()


@pytest.mark.parametrize(
    "told",
    [
        STAMP,
        int(STAMP),
        STAMP * 1000,
        int(STAMP) * 10**6,
        int(STAMP) * 10**9,
        str(int(STAMP)),
        str(int(STAMP) * 1000),
        "20250304T120000Z",
        "2025-03-04T12:00:00Z",
        "2025-03-04T12:00:00.000+00:00",
        "2025-03-04T21:00:00+09:00",
        "2025-03-04 12:00:00",
        {"$date": "2025-03-04T12:00:00Z"},
        {"$date": {"$numberLong": str(int(STAMP) * 1000)}},
    ],
)
def test_a_time_however_it_is_told(told):
    assert values.moment(told) == NOON


def test_milliseconds_that_are_a_date_of_1582_too():
    assert values.moment("1582070400000") == datetime(2020, 2, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        None,
        True,
        0,
        -5,
        float("nan"),
        float("inf"),
        10**400,
        "",
        "soon",
        [],
        {},
        "1e999",
    ]
    + ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", {"$date": [1]}],
)
def test_what_tells_no_time(told):
    assert values.moment(told) is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("6710-ab", "6710-ab"),
        (12, "12"),
        ({"$oid": "65f0"}, "65f0"),
        ("x" * 101, ""),
        ("a b", ""),
        ("a\0", ""),
        ("é", ""),
        (True, ""),
        (10**40, ""),
        (None, ""),
    ],
)
def test_ids_that_can_be_kept(told, kept):
    assert values.identity(told) == kept


def said(role="assistant", recipient="all", about=None, **content):
    message = {"content": content, "recipient": recipient, "metadata": about or {}}
    return text_of(message, role)


def spoken(*parts, **fields):
    return said(content_type="multimodal_text", parts=list(parts), **fields)


SOUND = {"content_type": "audio_asset_pointer"}
PICTURE = {"content_type": "image_asset_pointer", "metadata": None}


def test_what_was_spoken_is_its_words():
    words = {"content_type": "audio_transcription", "text": "Good morning"}
    assert spoken(words, SOUND, role="user") == "Good morning"
    assert spoken(SOUND, role="user") == "[Recording: not imported]"


def test_pictures_a_tool_made_are_noted_and_its_instructions_are_not():
    drawn = PICTURE | {"metadata": {"dalle": {"prompt": "A barge at dusk"}}}
    assert spoken("Do not show this", drawn, role="tool") == "[Image: A barge at dusk]"
    assert spoken(PICTURE, role="tool") == "[Image: not imported]"
    assert said("tool", content_type="text", parts=["result of a search"]) == ""


def test_calls_of_tools_are_kept_where_they_are_the_reply():
    call = {"content_type": "code", "language": "unknown"}
    assert said(recipient="bio", text="likes tea", **call) == ""
    assert said(recipient="web", text='search("tea")', **call) == ""
    assert said(recipient="python", text="1 + 1", **call) == "```python\n1 + 1\n```"
    document = '{"name": "Tea", "type": "document", "content": "# Tea\\n\\nHot."}'
    assert (
        said(recipient="canmore.create_textdoc", text=document, **call)
        == "Tea\n\n# Tea\n\nHot."
    )
    update = '{"updates": [{"replacement": "x = 1"}], "type": "code/js"}'
    shown = said(recipient="canmore.update_textdoc", text=update, **call)
    assert shown == "```js\nx = 1\n```"
    assert said(recipient="canmore.create_textdoc", text="{{", **call) == ""


def test_marks_of_sources_and_names():
    def plain(words, **about):
        return said(about=about, content_type="text", parts=[words])

    assert plain('By \ue200entity\ue202["person","Ada","x"]\ue201.') == "By Ada."
    assert plain("See \ue200url\ue202the list\ue202turn0\ue201.") == "See the list."
    assert plain("So \ue200cite\ue202turn0search1\ue201.") == "So."
    assert plain("A 【0†source】 b") == "A  b"
    assert plain("A 【note】 stays") == "A 【note】 stays"
    words = "It is so【1†source】."
    cited = {
        "start_ix": 8,
        "end_ix": 18,
        "metadata": {"title": "The [list]", "url": "https://example.org/a"},
    }
    linked = "It is so([The  list](https://example.org/a))."
    assert plain(words, citations=[cited]) == linked
    cited["metadata"]["url"] = "javascript:alert(1)"
    assert plain(words, citations=[cited]) == "It is so."


def test_the_marks_of_a_person_stay():
    words = "What is 【0†source】?"
    assert said("user", content_type="text", parts=[words]) == words


def test_a_quotation_of_a_file():
    quoted = {"content_type": "tether_quote", "text": "One\nTwo"}
    assert said("user", **quoted) == "> One\n> Two"


def test_thoughts_and_how_long_they_took():
    thoughts = [{"summary": "First", "content": "It rains."}, {"content": "So."}, 7]
    message = {"content": {"content_type": "thoughts", "thoughts": thoughts}}
    assert thoughts_of(message) == ("**First**\n\nIt rains.\n\nSo.", None)
    recap = {"content_type": "reasoning_recap", "content": "Thought for 8s"}
    message = {"content": recap, "metadata": {"finished_duration_sec": 8}}
    assert thoughts_of(message) == ("", 8)


def test_a_fence_is_longer_than_any_in_the_code():
    assert (
        wording.code_block("a\n```\nb\n````", "py") == "`````py\na\n```\nb\n````\n`````"
    )
    assert wording.code_block("  \n") == ""
    assert wording.code_block("a", "not a language!") == "```\na\n```"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<think>A</think>B", ("B", "A", None)),
        ("<think>A", ("<think>A", "", None)),
        ('<details type="reasoning">A', ('<details type="reasoning">A', "", None)),
        ("<details>A</details>B", ("<details>A</details>B", "", None)),
        (
            [{"type": "text", "text": "A"}, {"type": "image_url"}, 7],
            ("A\n\n[Image: not imported]", "", None),
        ),
    ],
)
def test_what_open_webui_folds_away(content, found):
    assert _content(content) == found


def test_ten_thousand_folds_that_are_never_closed_take_no_time():
    words = '<details type="reasoning"' * 10_000
    assert _content(words)[0] == words
