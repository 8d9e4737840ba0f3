"""One server and one Chromium for the whole folder; people and pages for each test."""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests import chromium
from tests.database import Database
from tests.fakes import ScriptedProvider
from tests.patience import PATIENCE_SECONDS
from tests.proxy import Proxy
from tests.site import Site

from .people import Person, Visitor

expect.set_options(timeout=1000 * PATIENCE_SECONDS / 2)

# The browser ends with the folder: while it runs, its event loop belongs to this
# thread, and no asynchronous test could have one.


@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(),
            args=[
                "--disable-gpu",
                "--disable-quic",
                "--disable-component-update",
                # One process less for every frame to pass through.
                "--in-process-gpu",
                # None is started ahead for a page that may never come.
                "--renderer-process-limit=1",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def upstream():
    with ScriptedProvider() as provider:
        yield provider


@pytest.fixture
def provider(upstream):
    """The model that answers; it forgets from test to test."""
    upstream.forget_scripts()
    upstream.requests.clear()
    return upstream


@pytest.fixture(scope="package")
def model(upstream):
    """The settings that make the scripted provider the site's."""
    return {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}


@pytest.fixture(scope="package")
def network():
    with Proxy(port=0) as proxy:
        yield proxy


@pytest.fixture
def proxy(network):
    """The way to the site by which its SITE_URL leads; a test may break it."""
    network.restore()
    yield network
    network.restore()


@pytest.fixture(scope="package")
def site(tmp_path_factory, model, network):
    settings = {"SITE_URL": network.url, "DJANGO_SUPERUSER_PASSWORD": "not a secret"}
    site = Site(tmp_path_factory.mktemp("site"), **model | settings)
    network.site_port = site.port
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="package")
def database(site):
    database = Database(site.environment, rows="tests.browser.rows")
    yield database
    database.close()


@pytest.fixture
def make_site(tmp_path, model):
    """Start another site, with settings of its own, that a test may also stop."""
    made = []

    def make(**settings):
        data_dir = tmp_path / f"site-{len(made)}"
        data_dir.mkdir()
        other = Site(data_dir, **model | settings)
        made.append(other)
        other.start()
        return other

    yield make
    for other in made:
        other.stop()


@pytest.fixture
def browsers(tmp_path):
    """The browsers that are open in this test; nothing on their pages went wrong.

    A failure leaves their screenshots in `tmp_path`.
    """
    opened = []
    yield opened
    for visitor in opened:
        visitor.close()
    assert [alarm for visitor in opened for alarm in visitor.alarms] == []


@pytest.fixture
def visitor(browsers, browser, site):
    """Have somebody come who is not signed in."""

    def come(address=site.url, **options):
        browsers.append(Visitor(browser, address, **options))
        return browsers[-1]

    return come


@pytest.fixture
def sign_in(browsers, browser, site, database):
    """Have somebody come who is signed in already, as in `sign_in("alice")`.

    An existing user name signs that person in again, in a browser of its own.
    """

    def sign_in(name, *, address=site.url, fields=None, again=False, **options):
        username = name if again else database.add_user(name, **(fields or {}))
        browsers.append(Person(browser, address, database, username, **options))
        return browsers[-1]

    return sign_in


@pytest.fixture
def make_persona(database):
    """Publish a persona for this test; return its slug."""
    made = []

    def make(name, **content):
        made.append(database.add_persona(name, **content))
        return made[-1]

    yield make
    for slug in made:
        database.change_persona(slug, state="retired")


@pytest.fixture
def alice(sign_in):
    return sign_in("alice")


@pytest.fixture
def bob(sign_in):
    return sign_in("bob")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(item, call):
    """Beside a failure stand the server's last words and what the pages looked like."""
    report = yield
    if report.failed and "browsers" in getattr(item, "funcargs", {}):
        report.sections += list(_evidence(item))
    return report


def _evidence(item):
    pages = [page for visitor in item.funcargs["browsers"] for page in visitor.pages]
    for number, page in enumerate(pages):
        path = item.funcargs["tmp_path"] / f"page-{number}.png"
        page.screenshot(path=path)
        yield f"page {number}", f"{page.url}\n{path}"
    if site := item.funcargs.get("site"):
        yield "the server's log", site.tail()
