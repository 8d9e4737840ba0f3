"""One SITE_URL, and what is made of it."""

import pytest

from conversations.doctor import address, proxy, secrets
from tests.test_headers import said_in_production

from .verdicts import OK, WARNING, WRONG, verdicts

HTTPS = "https://chat.example.org"


def test_with_a_slash_at_its_end_links_have_no_two():
    assert said_in_production("settings.SITE_URL", SITE_URL=f"{HTTPS}/") == HTTPS


@pytest.mark.parametrize(
    ("site_url", "verdict"),
    [
        (HTTPS, OK),
        ("http://127.0.0.1:8000", OK),
        ("http://chat.example.org", WARNING),
        (f"{HTTPS}/chats/", WRONG),
    ],
)
def test_the_address(settings, site_url, verdict):
    settings.SITE_URL = site_url
    assert verdicts(address.site_url) == [verdict]


@pytest.mark.parametrize(
    ("hosts", "verdict"),
    [
        (["chat.example.org"], OK),
        ([".example.org"], OK),
        (["*"], WARNING),
        (["10.0.0.1"], WRONG),
    ],
)
def test_the_hosts(settings, hosts, verdict):
    settings.SITE_URL, settings.ALLOWED_HOSTS = HTTPS, hosts
    assert verdicts(address.hosts) == [verdict]


@pytest.mark.parametrize("name", ["SITE_ORIGINS", "CSRF_TRUSTED_ORIGINS"])
def test_the_origins(settings, name):
    settings.SITE_URL = HTTPS
    settings.SITE_ORIGINS = settings.CSRF_TRUSTED_ORIGINS = [HTTPS]
    assert verdicts(address.origins) == [OK]
    setattr(settings, name, ["https://former.example.org"])
    assert verdicts(address.origins) == [WRONG]


def test_forms_are_protected(settings):
    assert verdicts(address.csrf) == [OK]
    settings.MIDDLEWARE = []
    assert verdicts(address.csrf) == [WRONG]


def test_cookies_travel_by_https_alone(settings):
    settings.SITE_URL = HTTPS
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    assert verdicts(address.cookies) == [OK]
    settings.SESSION_COOKIE_SECURE = False
    assert verdicts(address.cookies) == [WRONG]


# ── what a proxy says ─────────────────────────────────────────────────────────────

WELL = {"host": "chat.example.org", "is_secure": True, "hops": 1}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [OK, OK, OK]),
        ({"host": "127.0.0.1:8000"}, [WRONG, OK, OK]),
        ({"is_secure": False}, [OK, WRONG, OK]),
        ({"hops": 2}, [OK, OK, WARNING]),
        ({"hops": 0}, [OK, OK, WRONG]),
    ],
)
def test_what_it_tells_of_a_visitor(settings, changes, expected):
    settings.SITE_URL, settings.ALLAUTH_TRUSTED_PROXY_COUNT = HTTPS, 1
    assert verdicts(proxy.judge(WELL | changes)) == expected


def test_https_that_site_url_does_not_know(settings):
    settings.SITE_URL = "http://chat.example.org"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert verdicts(proxy.judge(WELL)) == [OK, WRONG, OK]


def test_what_it_told_is_for_the_doctor_alone(client, settings):
    headers = {"X-Forwarded-For": "192.0.2.1, 10.0.0.1", "Host": "chat.example.org"}
    assert client.get(proxy.PATH, headers=headers).status_code == 404
    headers[proxy.HEADER] = "made up"
    assert client.get(proxy.PATH, headers=headers).status_code == 404
    headers[proxy.HEADER] = proxy.token()
    assert client.get(proxy.PATH, headers=headers).json() == {
        "host": "chat.example.org",
        "is_secure": False,
        "hops": 2,
    }
    settings.SECRET_KEY = "another" * 10
    assert client.get(proxy.PATH, headers=headers).status_code == 404


# ── secrets ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("kP9-" * 13 + "xyz", OK),
        ("short", WRONG),
        ("a" * 60, WRONG),
        ("django-insecure-" + "kP9-xyz" * 8, WRONG),
    ],
)
def test_the_secret_key(settings, key, verdict):
    settings.SECRET_KEY = key
    assert verdicts(secrets.secret_key) == [verdict]
    assert key not in str(secrets.secret_key())


def test_former_keys(settings):
    assert verdicts(secrets.former_keys) == []
    settings.SECRET_KEY_FALLBACKS = ["former"]
    assert verdicts(secrets.former_keys) == [WARNING]


@pytest.mark.parametrize(
    ("site_url", "verdict"), [("http://127.0.0.1:8000", WARNING), (HTTPS, WRONG)]
)
def test_debug(settings, site_url, verdict):
    assert verdicts(secrets.debug) == [OK]
    settings.DEBUG, settings.SITE_URL = True, site_url
    assert verdicts(secrets.debug) == [verdict]
