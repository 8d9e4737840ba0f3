"""Things go wrong at the wrong moment, and the reply is there all the same."""

import asyncio
import json
import threading
from datetime import timedelta

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from conversations import events
from conversations.consumers import base
from conversations.generation import claiming, clock, process, recovery, runner
from conversations.generation.live import PROCESS, Replies, Writing
from conversations.lanes import settling
from conversations.models import Generation, LanguageModel, User
from tests.consumers.base import saved
from tests.fakes_pieces import Raw
from tests.patience import PATIENCE_SECONDS


async def growing(people, provider, *, then=("the rest.",)):
    """Begin a reply that waits in its middle; return `(tab, message, hold)`."""
    hold = provider.hold()
    provider.reply_pieces(["The beginning, ", hold, *then])
    _, tab = await people.new_chat()
    await tab.say("Go")
    message = (await tab.until("reply.started"))["message"]
    await tab.until_shown(message, "The beginning,")
    await hold.reached()
    return tab, message, hold


class BusyDatabase:
    """Holds the threads in which replies end while the block lasts."""

    async def __aenter__(self):
        count, self._go = settings.DATABASE_THREADS, threading.Event()
        all_begun = threading.Barrier(count + 1)

        def occupy():
            all_begun.wait()
            self._go.wait(PATIENCE_SECONDS)

        self._all = asyncio.gather(*(settling.run(occupy) for _ in range(count)))
        await asyncio.to_thread(all_begun.wait, PATIENCE_SECONDS)

    async def __aexit__(self, *exc_info):
        self._go.set()
        await self._all


async def test_stop_while_the_end_is_being_saved_loses_nothing(
    people, provider, monkeypatch
):
    tab, message, hold = await growing(people, provider)
    is_saving = asyncio.Event()
    settle = runner._settle

    def begin_to_settle(*arguments):
        is_saving.set()
        return settle(*arguments)

    monkeypatch.setattr(runner, "_settle", begin_to_settle)
    async with BusyDatabase():
        hold.release()
        await is_saving.wait()
        process.stop(message, PROCESS)
    ended = await tab.until("reply.ended")
    assert ended["state"] == "finished"
    assert (await saved(message)).text == "The beginning, the rest."


async def test_reply_that_cannot_be_asked_for_has_failed(people, monkeypatch):
    def broken(*arguments):
        raise ValueError("no such thing")

    monkeypatch.setattr(claiming, "request_of", broken)
    _, tab = await people.new_chat()
    await tab.say("Go")
    ended = await tab.until("reply.ended")
    assert (ended["state"], ended["error"]["code"]) == ("failed", "internal")


async def test_sweep_leaves_our_own_replies_alone(people, provider):
    """As after a suspended laptop: the row looks abandoned, the reply is alive."""
    tab, message, hold = await growing(people, provider)

    def look_abandoned():
        long_ago = timezone.now() - timedelta(hours=1)
        Generation.objects.filter(message=message).update(heartbeat_at=long_ago)
        recovery.settle_stale(Generation.objects.all())

    await database_sync_to_async(look_abandoned)()
    hold.release()
    assert (await tab.until("reply.ended"))["state"] == "finished"


async def test_what_a_provider_says_of_itself_cannot_lose_a_reply(people, provider):
    choice = {"index": 0, "delta": {"content": "Kept."}, "finish_reason": "stop"}
    event = json.dumps({"model": "m\ud800\0", "choices": [choice]})
    provider.raw_reply(Raw(f"data: {event}\n\ndata: [DONE]\n\n".encode()))
    _, tab = await people.new_chat()
    await tab.say("Go")
    ended = await tab.until("reply.ended")
    assert ended["state"] == "finished"
    assert (await saved(ended["message"])).text == "Kept."


async def test_odd_usage_cannot_lose_a_reply(people, provider):
    def set_prices():
        LanguageModel.objects.default()
        prices = {"prompt_price": 10**6, "cached_price": 0, "completion_price": 1}
        LanguageModel.objects.update(**prices)

    await database_sync_to_async(set_prices)()
    cached = {"prompt_tokens_details": {"cached_tokens": 5000}}
    usage = {"prompt_tokens": 0, "completion_tokens": 1} | cached
    provider.reply_pieces(["Kept."], usage=usage)
    _, tab = await people.new_chat()
    await tab.say("Go")
    assert (await tab.until("reply.ended"))["state"] == "finished"


async def test_one_reply_that_cannot_be_shown_leaves_the_others_growing(
    people, provider, monkeypatch
):
    never = provider.hold()
    bad_tab, bad, bad_hold = await growing(people, provider, then=["more", never])
    tab, good, hold = await growing(people, provider)
    show = clock.show

    async def show_all_but_one(draft):
        if draft.message_id == bad:
            raise ValueError("a fault of the renderer")
        await show(draft)

    monkeypatch.setattr(clock, "show", show_all_but_one)
    bad_hold.release()
    assert (await bad_tab.until("reply.ended"))["error"]["code"] == "internal"
    hold.release()
    assert (await tab.until("reply.ended"))["state"] == "finished"


async def test_tab_that_came_while_a_reply_waited_sees_it_grow(people, provider):
    tab, first, first_hold = await growing(people, provider)
    hold = provider.hold()
    provider.reply_pieces(["The second reply ", hold, "ends."])
    await tab.say("And then?", parent=first)
    second = (await tab.until("reply.started"))["message"]
    late = await people.tab(people.alice, tab.conversation_id)
    await late.send("sync", head=None)
    first_hold.release()
    await late.until_shown(second, "The second reply")
    hold.release()


async def test_without_a_single_event_the_end_is_shown(people, provider, monkeypatch):
    async def lose(group, event, **payload):
        """As a channel layer that is full, or away."""

    monkeypatch.setattr(events, "publish", lose)
    provider.reply("Said all the same.")
    _, tab = await people.new_chat()
    await tab.say("Go")
    ended = await tab.until("reply.ended")
    assert "Said all the same." in ended["html"]


async def test_reply_regenerated_in_another_tab_is_shown_here(people):
    conversation_id, tab = await people.new_chat()
    await tab.say("Go")
    reply = (await tab.until("reply.ended"))["message"]
    other = await people.tab(people.alice, conversation_id)
    await other.send("reply.regenerate", message=reply)
    again = await tab.until("reply.started")
    assert again["message"] != reply


async def test_tab_that_missed_a_regeneration_gets_the_branch(people, provider):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    other = await people.tab(people.alice, conversation.pk)
    await other.send("reply.regenerate", message=conversation.head_id)
    await other.until("reply.ended")
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("sync", head=conversation.head_id)
    changed = await tab.until("conversation.changed")
    assert "scripted" in changed["branch"]["html"]


async def test_tab_that_missed_another_branch_keeps_its_own(people, provider):
    conversation = await people.conversation(
        people.alice, ("Toss a coin", "Heads."), ("Sure?", "Sure.")
    )
    old = conversation.head_id
    writing = await people.tab(people.alice, conversation.pk)
    first = await database_sync_to_async(first_reply)(conversation)
    await writing.send("reply.regenerate", message=first)
    new = (await writing.until("reply.ended"))["message"]
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("sync", head=old)
    told = await tab.until("reply.started")
    assert told["message"] == new
    assert "1/2" in told["siblings"][str(first)]
    await tab.say("And now?", parent=old)
    question = (await tab.until("message.accepted"))["message"]
    assert (await saved(question)).parent_id == old


def first_reply(conversation):
    return conversation.messages.filter(role="assistant").earliest("pk").pk


async def test_sync_may_name_anything(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    question = (await saved(conversation.head_id)).parent_id
    tab = await people.tab(people.alice, conversation.pk)
    seq = {str(question): 1, "999999": 3}
    await tab.send("sync", seq=seq, head=conversation.head_id)
    await tab.send("reply.stop", message=999999)
    assert (await tab.next())["code"] == "not_found"


async def test_drain_leaves_a_waiting_reply_to_the_next_process(
    people, provider, monkeypatch
):
    tab, first, hold = await growing(people, provider)
    loop, has_claimed = asyncio.get_running_loop(), asyncio.Event()

    def claim(generation_id):
        job = claiming.claim(generation_id)
        loop.call_soon_threadsafe(has_claimed.set)
        return job

    monkeypatch.setattr(runner, "claim", claim)
    await tab.say("And then?", parent=first)
    second = (await tab.until("reply.started"))["message"]
    await has_claimed.wait()  # in vain, before the drain: the first one grows
    drained = asyncio.create_task(process.drain(10))
    hold.release()
    await drained
    assert (await saved(first)).generation.state == "finished"
    assert (await saved(second)).generation.state == "queued"
    assert len(provider.requests) == 1


async def test_drain_saves_what_does_not_end_in_time(people, provider):
    _, message, _ = await growing(people, provider)
    await process.drain(0)
    reply = await saved(message)
    assert reply.generation.state == "interrupted"
    assert reply.text == "The beginning, "


async def test_drain_ends_though_the_database_is_away(people, provider, monkeypatch):
    await growing(people, provider)

    def fail(*arguments, **named):
        raise OperationalError("away")

    monkeypatch.setattr(runner, "settle", fail)
    monkeypatch.setattr(process, "SAVING_SECONDS", 0.1)
    await process.drain(0)


async def test_who_was_shut_out_is_told_to_sign_in(people, monkeypatch):
    monkeypatch.setattr(base, "SIGNED_IN_SECONDS", 0)
    _, tab = await people.new_chat()
    await tab.say("Go")
    await tab.until("reply.ended")
    alice = User.objects.filter(pk=people.alice.pk)
    await database_sync_to_async(alice.update)(is_active=False)
    await tab.say("Still here?", parent=tab.of_type("reply.ended")[0]["message"])
    assert await tab.until_closed() == 4401


async def test_continuing_counts_as_a_reply(people, provider, settings):
    settings.CHAT_MAX_OPEN_REPLIES = 1
    await growing(people, provider)
    stopped = await people.conversation(people.alice, ("Hi", "Hel"))
    rows = Generation.objects.filter(message=stopped.head_id)
    await database_sync_to_async(rows.update)(state="stopped")
    tab = await people.tab(people.alice, stopped.pk)
    await tab.send("reply.continue", message=stopped.head_id)
    assert (await tab.until("error"))["code"] == "too_many"


async def test_reply_that_ended_does_not_take_its_continuation_along():
    class Draft:
        message_id = 7

    before, after, here = Writing(1, Draft), Writing(1, Draft), Replies()
    here.add(before)
    here.add(after)
    here.remove(before)
    assert here.get(7) is after
