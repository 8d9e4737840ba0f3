import pytest

from conversations.models import User
from tests import stack
from tests.base import make_persona
from tests.commands.serving import Running, Serving
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


@pytest.fixture
def unmigrated():
    """Asked for by a test whose site has an empty database."""


@pytest.fixture
def site_environment(request, tmp_path):
    """A site with a folder and a database of its own."""
    is_migrated = "unmigrated" not in request.fixturenames
    database = stack.environment(tmp_path, is_migrated=is_migrated)
    return {"DATA_DIR": str(tmp_path), **database}


@pytest.fixture
def manage(site_environment):
    """Run commands of that site, each as a process."""
    started = []

    def start(*command, **changes):
        running = Running(*command, **site_environment | changes)
        started.append(running)
        return running

    yield start
    for running in started:
        running.close()


@pytest.fixture
def serve(site_environment):
    """Serve that site."""
    started = []

    def start(*arguments, **changes):
        serving = Serving(*arguments, **site_environment | changes)
        started.append(serving)
        return serving

    yield start
    for serving in started:
        serving.close()
