"""Two processes at one Redis, which stops, hangs, forgets and comes back."""

import asyncio

import msgpack
import pytest
from redis.asyncio import Redis as Client

from conversations import events
from tests.channels import Process
from tests.outages import Witness
from tests.patience import PATIENCE_SECONDS
from tests.proxy import Proxy
from tests.services import Redis

MEGABYTE = 1024**2


@pytest.fixture
def redis():
    with Redis() as redis:
        yield redis


@pytest.fixture
def log():
    with Witness() as witness:
        yield witness


@pytest.fixture
async def here(redis):
    process = Process(redis)
    await process.join("talk", events.GAPS)
    yield process
    await process.layer.close()


@pytest.fixture
async def there(redis):
    process = Process(redis)
    await process.join("talk", events.GAPS)
    yield process
    await process.layer.close()


async def in_time(*calls):
    """Await each, without patience for a call that waits for Redis every time."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        for call in calls:
            await call


async def stop(redis):
    await asyncio.to_thread(redis.stop)


async def start(redis):
    await asyncio.to_thread(redis.start)


async def test_what_is_told_is_heard_once_in_every_process(here, there):
    await here.tell("talk", "one")
    assert await there.hear() == "one"
    await there.tell("talk", "two")
    # Both came from Redis by the same connection, our own echo first.
    assert [await here.hear(), await here.hear()] == ["one", "two"]
    assert await there.hear() == "two"


async def test_a_channel_is_reached_by_its_name_from_every_process(here, there):
    for process in (here, there):
        await process.layer.send(here.channel, {"type": "word", "word": "you"})
        assert await here.hear() == "you"


async def test_who_has_left_hears_no_more(here, there):
    await here.layer.group_discard("talk", here.channel)
    await there.tell("talk", "gone")
    await there.layer.send(here.channel, {"type": "word", "word": "only this"})
    assert await here.hear() == "only this"


async def test_a_group_that_everybody_left_costs_redis_nothing(redis, here):
    await here.layer.group_discard("talk", here.channel)
    await here.also_join("another")  # Redis knows, and so it knows what came before
    async with Client.from_url(redis.url, decode_responses=True) as client:
        names = await client.pubsub_channels()
    assert "chatsite.test.group.another" in names
    assert "chatsite.test.group.talk" not in names


async def test_who_leaves_and_joins_again_hears_at_once(here, there):
    for word in range(20):
        await here.layer.group_discard("talk", here.channel)
        await here.also_join("talk")
        await there.tell("talk", word)
        assert await here.hear() == word


async def test_who_joins_goes_on_as_soon_as_redis_knows(here):
    # At a second each these would take longer than anybody's patience.
    await in_time(*(here.also_join(f"group.{number}") for number in range(100)))


async def test_names_in_redis_are_those_of_the_site(redis, here, there):
    await here.tell("talk", "one")
    async with Client.from_url(redis.url, decode_responses=True) as client:
        names = await client.pubsub_channels()
    assert "chatsite.test.group.talk" in names
    assert all(name.startswith("chatsite.test.") for name in names)


async def test_a_full_channel_misses_what_its_neighbours_hear(redis, there):
    here = Process(redis, capacity=2)
    await here.join("talk")
    for word in range(3):
        await there.tell("talk", word)
    await there.tell("talk", "last")
    for word in (0, 1, 2, "last"):
        assert await there.hear() == word
    assert [await here.hear(), await here.hear()] == [0, 1]
    await there.tell("talk", "again")
    assert await here.hear() == "again"
    await here.layer.close()


async def test_what_waits_to_be_sent_is_bounded(here, there):
    for _ in range(64):
        await here.tell("talk", "x" * MEGABYTE)
    await here.layer.sent()
    await here.tell("talk", "end")
    heard = 0
    while await there.hear() != "end":
        heard += 1
    assert 0 < heard < 64


async def test_what_cannot_be_told_to_others_is_the_callers_fault(here):
    with pytest.raises(TypeError):
        await here.tell("talk", object())


async def test_a_word_of_somebody_else_ends_nothing(redis, here, there, log, caplog):
    async with Client.from_url(redis.url) as client:
        for word in (b"nonsense", msgpack.packb("x" * 100)):
            await client.publish("chatsite.test.group.talk", word)
    await there.tell("talk", "sense")
    assert await here.hear() == "sense"
    assert "Something else speaks" in caplog.text
    assert log.is_quiet


async def test_nothing_raises_while_redis_is_stopped(redis, here, log):
    await stop(redis)
    await log.until("away")
    new = await here.layer.new_channel()
    await here.layer.group_add("talk", new)
    await here.layer.send("specific.0123456789abcdef!x", {"type": "word"})
    await here.layer.group_discard("talk", new)
    await here.tell("talk", "alone")
    assert await here.hear() == "alone"
    assert not here.layer.is_reachable
    await start(redis)
    await log.until("back")
    assert here.layer.is_reachable


async def test_every_group_is_heard_again_after_a_restart(redis, here, there, log):
    await stop(redis)
    await log.until("away")
    await here.also_join("joined.meanwhile")
    await start(redis)
    assert await here.hear() == events.EVENTS_MISSED
    assert await there.hear() == events.EVENTS_MISSED
    for group in ("talk", "joined.meanwhile"):
        await there.tell(group, group)
        assert await here.hear_of() == group
    assert await there.hear_of() == "talk"
    await here.layer.send(there.channel, {"type": "word", "word": "you"})
    assert await there.hear_of() == "you"


async def test_who_could_not_tell_has_the_others_ask(redis, there):
    with Proxy(redis.port) as line:
        here = Process(redis, port=line.port)
        await here.join("talk", events.GAPS)
        line.go_down()
        await here.tell("talk", "lost")
        line.restore()
        assert await there.hear() == events.EVENTS_MISSED
        await here.layer.close()


async def test_it_is_said_once_that_redis_went_and_once_that_it_is_back(
    redis, here, there, log
):
    await stop(redis)
    await log.until("away")
    for word in range(200):
        await here.tell("talk", word)
    for number in range(20):
        await here.also_join(f"group.{number}")
    assert log.is_quiet
    await start(redis)
    await log.until("back")
    for process in (here, there):
        while await process.hear() != events.EVENTS_MISSED:
            pass
    assert log.is_quiet


async def test_the_first_process_may_be_there_before_redis(redis, log):
    await stop(redis)
    here = Process(redis)
    await here.join("talk", events.GAPS)
    await log.until("away")
    await start(redis)
    assert await here.hear() == events.EVENTS_MISSED
    there = Process(redis)
    await there.join()
    await there.tell("talk", "hello")
    assert await here.hear() == "hello"
    await here.layer.close()
    await there.layer.close()


async def test_nobody_waits_long_for_a_redis_that_hangs(redis, here, there, log):
    redis.pause()
    await in_time(
        *(here.tell("talk", word) for word in range(50)),
        *(here.also_join(f"group.{number}") for number in range(50)),
        here.layer.new_channel(),
    )
    assert [await here.hear() for _ in range(50)] == list(range(50))
    await log.until("away")
    redis.resume()
    await log.until("back")
    while await here.hear() != events.EVENTS_MISSED:
        pass
    await there.tell("group.49", "hello")
    while (word := await here.hear_of()) != "hello":
        assert isinstance(word, int)


async def test_who_joins_goes_on_before_a_hanging_redis_is_given_up(redis, here, log):
    redis.pause()
    await here.also_join("group")
    assert log.is_quiet
    await log.until("away")
    redis.resume()
    await log.until("back")


async def test_a_redis_that_forgets_everything_costs_nothing(redis, here, there, log):
    await asyncio.to_thread(redis.flush)
    await there.tell("talk", "still here")
    assert await here.hear() == "still here"
    assert log.is_quiet


async def test_a_connection_that_breaks_is_made_again(redis, here, there):
    async with Client.from_url(redis.url) as client:
        await client.client_kill_filter(_type="pubsub")
    assert await here.hear() == events.EVENTS_MISSED
    assert await there.hear() == events.EVENTS_MISSED
    await there.tell("talk", "hello")
    assert await here.hear_of() == "hello"


async def test_what_was_told_last_is_sent_before_a_layer_closes(redis, here):
    passer_by = Process(redis)
    await passer_by.tell("talk", "bye")
    await passer_by.layer.close()
    assert await here.hear() == "bye"
