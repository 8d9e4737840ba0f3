"""What a provider is sent."""

import json

import pytest

from conversations import llm

from .asking import ASK, ask

LONG_HISTORY = tuple(
    llm.ChatMessage(("user", "assistant")[turn % 2], f"line {turn} «é»")
    for turn in range(61)
)


async def test_the_whole_history_arrives_in_order_and_in_its_roles(provider):
    await ask(provider, llm.ChatRequest("scripted-1", LONG_HISTORY))
    assert provider.bodies[0]["messages"] == [
        {"role": message.role, "content": message.text} for message in LONG_HISTORY
    ]


async def test_only_the_parameters_that_are_set_are_sent(provider):
    await ask(provider)
    await ask(provider, llm.ChatRequest("m", ASK.messages, 0.7, 0.9, 100))
    assert set(provider.bodies[0]) == {
        "model",
        "messages",
        "stream",
        "stream_options",
    }
    assert provider.bodies[0]["stream_options"] == {"include_usage": True}
    chosen = {"model": "m", "temperature": 0.7, "top_p": 0.9, "max_tokens": 100}
    assert provider.bodies[1].items() >= chosen.items()


@pytest.mark.parametrize(
    ("base_url", "parameter"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "max_completion_tokens"),
        ("https://openai.example/v1", "max_tokens"),
        ("http://127.0.0.1:11434/v1", "max_tokens"),
    ],
)
def test_the_output_limit_has_the_name_its_host_knows(base_url, parameter):
    request = llm.ChatRequest("m", ASK.messages, max_output_tokens=5)
    body = request.body_for(llm.Endpoint(base_url, "key"))
    limits = {"max_tokens", "max_completion_tokens"} & body.keys()
    assert limits == {parameter}


async def test_lone_surrogates_do_not_stop_a_message_from_being_sent(provider):
    text = "half an emoji: \ud83d"
    await ask(provider, llm.ChatRequest("m", (llm.ChatMessage("user", text),)))
    assert provider.bodies[0]["messages"][0]["content"] == "half an emoji: ?"


async def test_the_key_is_sent_and_nothing_of_the_environment(provider, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-machine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-machine")
    await ask(provider)
    headers = provider.requests[0].headers
    assert headers["authorization"] == f"Bearer {provider.api_key}"
    assert "of-the-machine" not in json.dumps(headers)


async def test_proxy_variables_are_not_obeyed(provider, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    seen = await ask(provider)
    assert seen.outcome == "stop"
