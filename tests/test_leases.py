"""One process at a time does what need be done only once."""

import pytest
from django.core.cache import cache
from redis import Redis as Client

from conversations import leases
from tests.outages import Witness
from tests.services import Redis


@pytest.fixture
def redis(settings):
    with Redis() as redis:
        settings.CACHES = {
            "default": {
                "BACKEND": "conversations.caches.SiteCache",
                "LOCATION": redis.url,
                "KEY_PREFIX": "chatsite.test",
            }
        }
        yield redis


@pytest.fixture
def log():
    with Witness() as witness:
        yield witness


@pytest.mark.usefixtures("redis")
def test_whoever_asks_first_holds_it_and_goes_on_holding_it():
    assert leases.holds("sweep", "one", 60)
    assert not leases.holds("sweep", "two", 60)
    assert leases.holds("sweep", "one", 60)


@pytest.mark.usefixtures("redis")
def test_leases_of_different_names_are_apart():
    assert leases.holds("sweep", "one", 60)
    assert leases.holds("titles", "two", 60)


def test_each_question_of_its_holder_renews_it(redis):
    leases.holds("sweep", "one", 10)
    leases.holds("sweep", "one", 1000)
    with Client.from_url(redis.url) as client:
        assert client.ttl(client.keys("*lease*")[0]) > 10


def test_a_question_of_another_does_not(redis):
    leases.holds("sweep", "one", 10)
    leases.holds("sweep", "two", 1000)
    with Client.from_url(redis.url) as client:
        assert client.ttl(client.keys("*lease*")[0]) <= 10


def test_it_passes_on_when_its_holder_is_silent(redis):
    assert leases.holds("sweep", "one", 60)
    with Client.from_url(redis.url) as client:
        client.delete(*client.keys("*lease*"))  # as when its time is over
    assert leases.holds("sweep", "two", 60)
    assert not leases.holds("sweep", "one", 60)


def test_without_redis_each_process_holds_it(redis, log):
    assert leases.holds("sweep", "another process", 60)
    redis.stop()
    assert leases.holds("sweep", "this process", 60)
    assert leases.holds("sweep", "this process", 60)


def test_when_redis_is_back_one_of_them_holds_it(redis, log):
    redis.stop()
    assert leases.holds("sweep", "one", 60)
    assert "away" in log.next()
    redis.start()
    assert "back" in log.next()
    assert leases.holds("sweep", "two", 60)
    assert not leases.holds("sweep", "one", 60)


def test_a_site_without_redis_holds_its_own_leases():
    cache.clear()
    assert leases.holds("sweep", "this process", 60)
    assert leases.holds("sweep", "this process", 60)
