"""A real site, and what stands before it."""

import pytest
from django.test import override_settings

from conversations import reachability
from conversations.doctor import proxy, sockets
from tests.daemon import free_port
from tests.proxy import Proxy
from tests.site import Site

from .verdicts import OK, WARNING, WRONG, verdicts


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """It is reached as SITE_URL through a proxy that may know no sockets."""
    with Proxy(port=0) as way:
        site = Site(tmp_path_factory.mktemp("site"), SITE_URL=way.url)
        way.site_port, site.way = site.port, way
        site.start()
        with override_settings(
            HOST="127.0.0.1", PORT=site.port, SITE_URL=way.url, SITE_ORIGINS=[way.url]
        ):
            yield site
        site.stop()


def test_a_socket_opens_through_the_proxy_and_without(site):
    assert verdicts(sockets.own_port) == [OK]
    assert verdicts(sockets.site_url) == [OK]


def test_a_proxy_that_knows_no_sockets(site):
    site.way.passes_sockets = False
    try:
        assert verdicts(sockets.site_url) == [WRONG]
        assert "Upgrade" in sockets.site_url().repair
        assert verdicts(sockets.own_port) == [OK]
    finally:
        site.way.restore()


def test_pages_of_other_sites_get_none(site, monkeypatch):
    assert verdicts(sockets.foreign_origin) == [OK]
    monkeypatch.setattr(sockets, "ELSEWHERE", site.way.url)
    assert verdicts(sockets.foreign_origin) == [WRONG]


def test_the_site_says_what_it_saw_through_the_proxy(site):
    assert verdicts(proxy.through_site_url) == [OK, OK, OK]


def test_nobody_listens(settings):
    settings.PORT = free_port()
    settings.SITE_URL = f"http://localhost:{free_port()}"
    assert verdicts(sockets.own_port) == [WARNING]
    assert verdicts(sockets.site_url) == [WARNING]
    assert verdicts(sockets.foreign_origin) == []
    assert verdicts(proxy.through_site_url) == []


def test_pages_that_had_to_do_without(monkeypatch):
    monkeypatch.setattr(reachability, "are_missed", lambda: False)
    assert verdicts(sockets.missed) == [OK]
    monkeypatch.setattr(reachability, "are_missed", lambda: True)
    assert verdicts(sockets.missed) == [WARNING]
