import pytest

from conversations.models import User
from tests.base import make_persona
from tests.fakes import ScriptedProvider


@pytest.fixture
def provider(settings):
    """The model that the site asks: a scripted one, over real HTTP."""
    settings.OPENAI_MAX_RETRIES = 0
    with ScriptedProvider() as provider:
        settings.OPENAI_BASE_URL = provider.base_url
        settings.OPENAI_API_KEY = provider.api_key
        yield provider


@pytest.fixture
def alice(transactional_db):
    """The only person here, who talked to nobody yet."""
    return User.objects.create_user("alice", "alice@example.org")


@pytest.fixture
def persona(transactional_db):
    return make_persona(instructions="Be brief.", greeting="Hello.", temperature=0.7)
