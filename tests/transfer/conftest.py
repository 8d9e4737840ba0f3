"""A real server, which the tests of a folder may also kill."""

import pytest

from tests.database import Database
from tests.site import Site

from .person import Person


@pytest.fixture(scope="package")
def made_site(tmp_path_factory):
    """A site that has run once, so that others start with its static files."""
    site = Site(
        tmp_path_factory.mktemp("site"),
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        OPENAI_API_KEY="none",
        HTTP_MAX_BODY_BYTES="1000000",
        TRANSFER_STALE_SECONDS="1",
        DJANGO_SETTINGS_MODULE="tests.transfer.held_exports",
    )
    site.start()
    yield site
    if site.is_running:
        site.stop()


@pytest.fixture
def site(made_site):
    """The site, running."""
    if not made_site.is_running:
        made_site.start()
    return made_site


@pytest.fixture(scope="package")
def database(made_site):
    database = Database(made_site.environment, rows="tests.transfer.rows")
    yield database
    database.close()


@pytest.fixture
def alice(site, database):
    return Person(site, database, "alice")
