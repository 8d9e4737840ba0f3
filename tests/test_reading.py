"""What is wrong in .env is said in a sentence, and not found out by people later."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from chatsite import reading

POSTGRES = "postgres://chatsite:secret@127.0.0.1:5432/chatsite"
SECRET = "password"


class Env(reading.Env):
    def __init__(self, **variables):
        super().__init__()
        self.ENVIRON = variables


def test_a_number_that_is_none_is_named_and_not_repeated():
    with pytest.raises(ImproperlyConfigured, match="^PORT has a value") as refused:
        Env(PORT=SECRET).int("PORT", default=8000)
    assert SECRET not in str(refused.value)
    assert Env().int("PORT", default=8000) == 8000


@pytest.mark.parametrize("url", ["nonsense", f"postgres://chatsite:{SECRET}@db:x/"])
def test_an_address_of_no_database_is_refused_and_not_repeated(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot") as refused:
        Env(DATABASE_URL=url).db_url("DATABASE_URL")
    assert SECRET not in str(refused.value)


def test_an_address_of_a_database_is_taken_and_without_one_the_default():
    for env in (Env(DATABASE_URL=POSTGRES), Env()):
        found = env.db_url("DATABASE_URL", default=POSTGRES)
        assert found["NAME"] == "chatsite"


@pytest.mark.parametrize("url", ["chat.example.org", "//chat.example.org", "https://"])
def test_an_address_that_nobody_can_open_is_not_served(url):
    with pytest.raises(ImproperlyConfigured, match="SITE_URL is no address"):
        reading.site(url)


def test_an_address_of_something_else_than_redis_is_refused():
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL is no address"):
        reading.redis("127.0.0.1:6379")
    for url in ("", "redis://127.0.0.1:6379/0", "rediss://r", "unix:///run/redis.sock"):
        assert reading.redis(url) == url


@pytest.mark.parametrize("name", ["Asia/Jakrta", "WIB", "Asia", "", "../UTC"])
def test_a_time_zone_that_is_none_is_refused(name):
    with pytest.raises(ImproperlyConfigured, match="TIME_ZONE is no time zone"):
        reading.time_zone(name)
    assert reading.time_zone("Asia/Jakarta") == "Asia/Jakarta"
