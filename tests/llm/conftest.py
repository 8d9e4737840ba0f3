import pytest

from conversations import llm
from tests.fakes import ScriptedProvider


@pytest.fixture(scope="package")
def server():
    llm.preload()  # it takes longer than the tests let anybody wait
    with ScriptedProvider() as server:
        yield server


@pytest.fixture
async def provider(server):
    """A provider without a past, and a client that is closed afterwards."""
    server.requests.clear()
    server.forget_scripts()
    yield server
    await llm.aclose()
