"""The demo model, spoken to through the real client over real HTTP."""

import asyncio
import re

import pytest

from conversations import demo, llm
from conversations.demo.assistant import answer, tokens_of
from conversations.demo.texts import TEXTS
from conversations.demo.topics import TOPICS, language_of, topic_of
from tests.llm.asking import ask_at

RECALLS = {
    "en": "What did I say?",
    "id": "Apa yang saya katakan tadi?",
    "zh": "我刚才说了什么？",
    "ko": "제가 방금 뭐라고 했죠?",
}
HELLOS = {"en": "Hello", "id": "Halo kak", "zh": "你好", "ko": "안녕하세요"}


@pytest.fixture
async def endpoint():
    yield await demo.endpoint()
    await llm.aclose()
    await demo.aclose()


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("conversations.demo.server.TOKENS_PER_SECOND", 1_000_000)


def asking(*texts, instructions=None, **parameters):
    """Return a request in which `texts` are a person's and the model's, in turn."""
    messages = [llm.ChatMessage("system", instructions)] if instructions else []
    for number, text in enumerate(texts):
        messages.append(llm.ChatMessage(("user", "assistant")[number % 2], text))
    return llm.ChatRequest("demo", tuple(messages), **parameters)


def said(*texts):
    return answer([("user", text) for text in texts])


# ── over HTTP ─────────────────────────────────────────────────────────────────────
async def test_a_reply_streams_in_many_pieces_and_reports_usage(endpoint, at_once):
    events = [event async for event in llm.stream_chat(endpoint, asking("Hello"))]
    *deltas, usage, finish = events
    assert "".join(delta.text for delta in deltas) == TEXTS["en"]["greeting"]
    assert usage.completion_tokens == len(tokens_of(TEXTS["en"]["greeting"]))
    assert usage.prompt_tokens == 1
    assert (finish.reason, finish.model) == ("stop", "demo")


async def test_the_first_words_come_before_the_last_are_written(endpoint):
    events = llm.stream_chat(endpoint, asking("Hello"))
    first = await anext(events)
    await events.aclose()
    assert TEXTS["en"]["greeting"].startswith(first.text)
    assert len(first.text) < 20


async def test_the_history_arrives(endpoint, at_once):
    request = asking("My cat is called Kopi.", "A good name.", RECALLS["en"])
    assert "> My cat is called Kopi." in (await ask_at(endpoint, request)).text


async def test_an_output_limit_is_kept(endpoint, at_once):
    request = asking("Hello", max_output_tokens=3)
    events = [event async for event in llm.stream_chat(endpoint, request)]
    assert events[-1].reason == "length"
    assert events[-2].completion_tokens == 3


async def test_it_has_one_model(endpoint):
    assert await llm.list_models(endpoint) == ["demo"]


async def test_many_may_ask_at_once(endpoint, at_once):
    requests = [asking(f"{n}?", "", RECALLS["en"]) for n in range(40)]
    replies = await asyncio.gather(*(ask_at(endpoint, r) for r in requests))
    assert all(f"> {n}?" in reply.text for n, reply in enumerate(replies))


async def test_it_is_started_once_in_a_loop_and_again_after_closing(endpoint):
    assert await asyncio.gather(demo.endpoint(), demo.endpoint()) == [endpoint] * 2
    await demo.aclose()
    again = await demo.endpoint()
    assert await llm.list_models(again) == ["demo"]


async def test_only_this_process_has_the_key(endpoint):
    for key in ("", "guessed", endpoint.api_key.swapcase()):
        stranger = llm.Endpoint(endpoint.base_url, key)
        refused = await ask_at(stranger, asking("Hello"))
        assert refused.outcome == "key_rejected"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"GET /v1/elsewhere HTTP/1.1\r\n\r\n",
        b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"x" * 100_000,
    ],
)
@pytest.mark.parametrize("with_key", [True, False])
async def test_strange_requests_do_not_stop_it(endpoint, request_bytes, with_key):
    if with_key:
        key = f"\r\nAuthorization: Bearer {endpoint.api_key}\r\n\r\n".encode()
        request_bytes = request_bytes.replace(b"\r\n\r\n", key)
    port = int(re.search(r":(\d+)/", endpoint.base_url)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_bytes)
    writer.write_eof()
    received = await reader.read()
    writer.close()
    assert b" 200 " not in received
    assert await llm.list_models(endpoint) == ["demo"]


# ── what it says ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", TEXTS)
def test_every_language_has_every_text(language):
    assert TEXTS[language].keys() == TEXTS["en"].keys()
    assert TOPICS.keys() <= TEXTS[language].keys()


@pytest.mark.parametrize(("language", "question"), RECALLS.items())
def test_it_says_what_one_said_before(language, question):
    assert said("Kopi", "Melati", question).startswith(
        TEXTS[language]["recall"].replace("{quote}", "> Melati")
    )
    assert "> Kopi" in said("Kopi", "Melati", question)
    assert said(question) == TEXTS[language]["recall_nothing"]


@pytest.mark.parametrize(("language", "hello"), HELLOS.items())
def test_it_answers_in_the_language_of_the_question(language, hello):
    assert said(hello) == TEXTS[language]["greeting"]


def test_a_question_without_words_takes_the_language_before_it():
    assert language_of(["123?", "저는 학생이에요"]) == "ko"
    assert language_of(["123?", "xyz"]) == "en"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Compare renting and buying a home in a table", "|---|"),
        ("파이썬의 리스트와 튜플을 표로 비교해 주세요", "|---|"),
        ("Tolong tampilkan tabel", "|---|"),
        ("比较坐高铁和坐飞机出差的优缺点", "|---|"),
        ("Show me some code", "```python"),
        ("Kodeku kena IndentationError. Maksudnya apa, ya?", "```python"),
        ("섭씨 37도는 화씨로 몇 도인가요?", "98.6"),
        ("Plan a quiet weekend in a city by the sea", "- [ ] "),
        ("What is a footnote?", "[^1]:"),
        ("帮我写一封请假一天的邮件", "> **主题"),
    ],
)
def test_it_shows_what_is_asked_for(question, shown):
    assert shown in said(question)


@pytest.mark.parametrize("language", TEXTS)
def test_markdown_shows_everything(language):
    whole = said(HELLOS[language], {"ko": "마크다운"}.get(language, "Markdown"))
    for sign in ("|---|", "```python", "$$", "- [x]", "[^1]:"):
        assert sign in whole


@pytest.mark.parametrize("topic", ["about", "other"])
@pytest.mark.parametrize("language", TEXTS)
def test_it_says_what_it_is_and_how_to_get_a_real_one(language, topic):
    assert "OPENAI_API_KEY" in TEXTS[language][topic]


def test_its_instructions_arrive():
    messages = [("system", "Be brief.\nBe kind."), ("user", "Who are you?")]
    assert "> Be brief.\n> Be kind." in answer(messages)


def test_what_it_cannot_answer_is_quoted_and_not_guessed():
    whole = said("Why is the sky\n<b>blue</b>")
    assert "> Why is the sky\n> <b>blue</b>" in whole
    assert topic_of("Why is the sky blue") == "other"


def test_a_reply_that_was_cut_off_is_continued():
    whole = said("Hello")
    messages = [("user", "Hello"), ("assistant", whole[:30]), ("user", "Continue it.")]
    assert answer(messages) == whole[30:]


@pytest.mark.parametrize("language", TEXTS)
def test_its_pieces_are_small_and_lose_nothing(language):
    for text in TEXTS[language].values():
        pieces = tokens_of(text)
        assert "".join(pieces) == text
        assert max(map(len, pieces)) <= 12
