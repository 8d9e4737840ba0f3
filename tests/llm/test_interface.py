"""What there is beside a streamed reply."""

import asyncio
import sys

import pytest

from conversations import llm
from conversations.llm import ProviderError

from .asking import ask


async def test_models_are_listed_by_name(provider):
    assert await llm.list_models(provider.endpoint) == ["scripted-1", "scripted-2"]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"status": 401}, "key_rejected"),
        ({"status": 200, "body": "<html>"}, "not_an_api"),
        ({"status": 200, "body": '{"data": [1]}'}, "not_an_api"),
        ({"status": 200, "body": "x" * 17_000_000}, "too_big"),
    ],
)
async def test_a_list_of_models_that_fails_has_its_code(provider, how, code):
    provider.fail(path="/v1/models", **how)
    with pytest.raises(ProviderError) as failure:
        await llm.list_models(provider.endpoint)
    assert failure.value.code == code


async def test_the_library_writes_nothing_of_a_conversation_to_the_log(
    provider, caplog
):
    caplog.set_level("DEBUG")
    await ask(provider)
    logged = [record for record in caplog.records if "asyncio" not in record.name]
    assert logged == []


async def test_importing_the_client_does_not_import_the_library():
    code = (
        "import sys, conversations.llm;"
        "sys.exit(bool({'openai', 'aiohttp', 'httpx2'} & sys.modules.keys()))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0
