"""The cache of several processes, whose Redis stops, hangs, forgets and comes back."""

import queue
import threading

import pytest
from django.core.cache import cache
from django.urls import reverse
from redis import Redis as Client

from conversations import caches
from conversations.breaker import Breaker
from conversations.models import User
from tests.base import PASSWORD
from tests.outages import Witness
from tests.patience import PATIENCE_SECONDS
from tests.services import Redis

WRONG_PASSWORDS = 5  # as many as allauth lets pass for one name


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


def make_cache(redis, prefix="chatsite.test"):
    return caches.SiteCache(redis.url, {"KEY_PREFIX": prefix})


@pytest.fixture
def away(redis, log):
    """Redis has stopped, and one caller has found out."""
    redis.stop()
    cache.get("anything")
    assert "away" in log.next()


def test_what_one_process_keeps_every_process_finds(redis):
    cache.set("word", "hello")
    assert make_cache(redis).get("word") == "hello"
    with Client.from_url(redis.url) as client:
        assert client.keys() == [b"chatsite.test:1:word"]


def test_threads_and_requests_share_their_connections(redis):
    def use():
        make_cache(redis).set("word", "hello")

    for _ in range(20):
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
    with Client.from_url(redis.url) as client:
        assert len(client.client_list()) <= 3


def test_clear_leaves_the_neighbours_alone(redis):
    ours, theirs = make_cache(redis, "chat[1]"), make_cache(redis, "chat1")
    for site in (ours, theirs):
        site.set("word", "hello")
    ours.clear()
    assert ours.get("word") is None
    assert theirs.get("word") == "hello"


def test_without_redis_every_method_answers_as_an_empty_cache(redis, log):
    cache.set_many({"kept": "in redis", "number": 1})
    redis.stop()
    assert cache.get("kept", "default") == "default"
    assert cache.get_many(["kept", "number"]) == {}
    assert not cache.has_key("kept")
    assert not cache.touch("kept", 10)
    assert not cache.delete("kept")
    assert cache.delete_many(["kept"]) is None
    for step in (cache.incr, cache.decr):
        with pytest.raises(ValueError, match="not found"):
            step("number")
    assert cache.add("new", 1) is True
    assert cache.set("new", 2) is None
    assert cache.set_many({"newer": 3}) == []
    assert cache.get_or_set("newest", 4) == 4
    assert cache.clear() is None
    assert "away" in log.next()
    assert log.is_quiet


@pytest.mark.usefixtures("away")
def test_meanwhile_a_process_remembers_for_itself():
    assert cache.add("lock", 1)
    assert not cache.add("lock", 2)
    cache.set("count", 1)
    assert cache.incr("count") == 2
    assert cache.get_many(["lock", "count"]) == {"lock": 1, "count": 2}
    assert cache.delete("lock")
    assert cache.add("lock", 3)


def test_it_comes_back_by_itself_and_says_so_once(redis, away, log):
    cache.set("word", "of the absence")
    redis.start()
    assert "back" in log.next()
    assert cache.get("word") is None
    cache.set("word", "hello")
    assert make_cache(redis).get("word") == "hello"
    assert log.is_quiet


def test_what_was_set_in_one_absence_is_gone_in_the_next(redis, away, log):
    cache.set("word", "old")
    redis.start()
    assert "back" in log.next()
    redis.stop()
    assert cache.get("word") is None


def test_a_redis_that_hangs_makes_one_caller_wait_and_no_other(redis, log):
    cache.set("word", "hello")
    redis.pause()
    # At a second each these would outlast the patience of the log.
    assert [cache.get("word") for _ in range(100)] == [None] * 100
    assert "away" in log.next()
    redis.resume()
    assert "back" in log.next()
    assert cache.get("word") == "hello"


def test_a_redis_that_takes_no_writes_is_away_until_it_does(redis, log, monkeypatch):
    tries, try_it = queue.Queue(), Breaker._answers
    monkeypatch.setattr(Breaker, "_answers", lambda self: note(tries, try_it(self)))
    with Client.from_url(redis.url) as client:
        client.config_set("min-replicas-to-write", 1)
        cache.set("word", "hello")
        assert "away" in log.next()
        assert not tries.get(timeout=PATIENCE_SECONDS)
        assert cache.get("word") == "hello"
        client.config_set("min-replicas-to-write", 0)
    assert "back" in log.next()


def note(tries, succeeded):
    tries.put(succeeded)
    return succeeded


def test_a_redis_that_forgets_everything_is_just_empty(redis, log):
    cache.set("word", "hello")
    redis.flush()
    assert cache.get("word") is None
    assert cache.add("word", "again")
    assert log.is_quiet


@pytest.mark.django_db
class TestSignIn:
    @pytest.fixture(autouse=True)
    def alice(self):
        return User.objects.create_user("alice", password=PASSWORD)

    def sign_in(self, client, password):
        return client.post(
            reverse("account_login"), {"login": "alice", "password": password}
        )

    @pytest.mark.usefixtures("away")
    def test_works_without_redis(self, client):
        assert self.sign_in(client, PASSWORD).status_code == 302
        assert client.get("/").status_code == 200

    @pytest.mark.usefixtures("away")
    def test_is_limited_without_redis(self, client):
        for _ in range(WRONG_PASSWORDS):
            assert self.sign_in(client, "wrong").status_code == 200
        assert self.sign_in(client, PASSWORD).status_code == 200

    def test_outlives_a_redis_that_forgets_everything(self, client, redis):
        assert self.sign_in(client, PASSWORD).status_code == 302
        redis.flush()
        assert client.get("/").status_code == 200
