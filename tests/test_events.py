"""What happened reaches who watches, and costs nobody anything when it cannot."""

import asyncio

import pytest
from channels.layers import get_channel_layer

from conversations import events
from conversations.layers.redis import RedisChannelLayer
from tests.outages import Witness
from tests.patience import PATIENCE_SECONDS
from tests.services import Redis

GROUP = events.user_group(1)


@pytest.fixture(autouse=True)
async def layer(settings):
    """A site that is one process."""
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "conversations.layers.local.LocalChannelLayer"}
    }


@pytest.fixture
async def redis(settings):
    """A site of several processes, of which this is one."""
    with Redis() as redis:
        settings.CHANNEL_LAYERS = {
            "default": {
                "BACKEND": "conversations.layers.redis.RedisChannelLayer",
                "CONFIG": {"url": redis.url, "prefix": "chatsite.test"},
            }
        }
        yield redis
        await get_channel_layer().close()


@pytest.fixture
async def elsewhere(redis):
    """Another process of the site."""
    layer = RedisChannelLayer(redis.url, "chatsite.test")
    yield layer
    await layer.close()


@pytest.fixture
def log():
    with Witness() as witness:
        yield witness


async def tell(number):
    await events.publish(GROUP, events.CONVERSATION_CHANGED, conversation=number)


async def hear(inbox):
    async with asyncio.timeout(PATIENCE_SECONDS):
        return (await events.receive(inbox))["conversation"]


async def test_who_has_an_inbox_hears_until_it_is_closed():
    inbox = await events.open_inbox(GROUP)
    await tell(1)
    assert await hear(inbox) == 1
    await events.answer(inbox, events.SNAPSHOT_TAKEN, conversation=2)
    assert await hear(inbox) == 2
    await events.close_inbox(GROUP, inbox)
    await tell(3)
    await events.answer(inbox, events.SNAPSHOT_TAKEN, conversation=4)
    assert await hear(inbox) == 4


async def test_alone_everybody_is_reachable():
    assert events.is_reachable()


async def test_what_cannot_be_told_is_logged_and_raises_nothing(caplog, redis):
    await events.publish(GROUP, events.CONVERSATION_CHANGED, conversation=object())
    assert "Could not tell user.1 of conversation.changed" in caplog.text
    await events.answer("specific.0!x", events.SNAPSHOT_TAKEN, conversation=object())
    assert "Could not answer with snapshot.taken" in caplog.text


async def test_who_waits_for_events_survives_an_absence_of_redis(redis, elsewhere, log):
    inbox = await events.open_inbox(GROUP)
    waiting = asyncio.create_task(hear(inbox))
    await asyncio.to_thread(redis.stop)
    await log.until("away")
    assert not events.is_reachable()
    await asyncio.to_thread(redis.start)
    await log.until("back")
    assert events.is_reachable()
    while not waiting.done():  # it may not have found out yet
        await elsewhere.group_send(
            GROUP, {"type": events.CONVERSATION_CHANGED, "conversation": 7}
        )
        await asyncio.wait([waiting], timeout=0.1)
    assert await waiting == 7
    await events.close_inbox(GROUP, inbox)


async def test_while_redis_is_away_this_process_hears_and_the_log_is_quiet(redis, log):
    inbox = await events.open_inbox(GROUP)
    await asyncio.to_thread(redis.stop)
    await log.until("away")
    for number in range(50):
        await tell(number)
    assert [await hear(inbox) for _ in range(50)] == list(range(50))
    assert log.is_quiet
    await events.close_inbox(GROUP, inbox)


@pytest.mark.django_db(transaction=True)
async def test_what_a_command_tells_is_sent_before_its_loop_ends(redis, elsewhere):
    inbox = await elsewhere.new_channel()
    await elsewhere.group_add(GROUP, inbox)
    events.speak_in(None)
    await asyncio.to_thread(
        events.publish_on_commit, GROUP, events.CONVERSATION_CHANGED, conversation=1
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert (await elsewhere.receive(inbox))["conversation"] == 1


@pytest.mark.django_db(transaction=True)
async def test_synchronous_code_hands_its_events_to_the_loop_that_speaks():
    inbox = await events.open_inbox(GROUP)
    events.speak_in(asyncio.get_running_loop())
    try:
        await asyncio.to_thread(
            events.publish_on_commit, GROUP, events.CONVERSATION_CHANGED, conversation=1
        )
        assert await hear(inbox) == 1
    finally:
        events.speak_in(None)
        await events.close_inbox(GROUP, inbox)
