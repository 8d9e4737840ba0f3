import pytest

from conversations import llm
from conversations.generation import process
from tests.fakes import ScriptedProvider

from .base import People


@pytest.fixture
def provider(settings):
    """The model that the site asks: a scripted one, over real HTTP."""
    with ScriptedProvider() as provider:
        settings.OPENAI_BASE_URL = provider.base_url
        settings.OPENAI_API_KEY = provider.api_key
        yield provider


@pytest.fixture
async def people(transactional_db, provider):
    """Alice, bob, a persona, and as many tabs as a test opens."""
    people = await People.make()
    yield people
    await people.leave()
    await process.drain(0)
    await llm.aclose()
