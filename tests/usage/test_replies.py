"""What a reply takes: set aside before the model is asked, counted at its end."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from conversations.generation import clock, process, recovery
from conversations.models import (
    Budget,
    BudgetPeriod,
    Conversation,
    Generation,
    LanguageModel,
    UsageEntry,
)
from tests.consumers.base import saved
from tests.consumers.conftest import people, provider
from tests.consumers.test_resilience import growing
from tests.fakes import CUT, HANG
from tests.patience import PATIENCE_SECONDS

__all__ = ["people", "provider"]

State, Failure = UsageEntry.State, Generation.State.FAILED
SHORT_SECONDS = 0.2
REPORTED = {
    "prompt_tokens": 30,
    "completion_tokens": 12,
    "completion_tokens_details": {"reasoning_tokens": 5},
    "prompt_tokens_details": {"cached_tokens": 10},
}


@database_sync_to_async
def budget(amount, unit="messages", **whose):
    return Budget.objects.create(amount=amount, unit=unit, period="day", **whose)


@database_sync_to_async
def used():
    return list(BudgetPeriod.objects.order_by("budget").values_list("used", flat=True))


@database_sync_to_async
def entries():
    return list(UsageEntry.objects.order_by("pk").select_related("model"))


@database_sync_to_async
def set_prices():
    LanguageModel.objects.default()
    LanguageModel.objects.update(
        prompt_price=1_000_000, cached_price=100_000, completion_price=3_000_000
    )


async def finished(tab, message):
    """Wait until the reply has ended, in the database too."""
    while (await tab.until("reply.ended"))["message"] != message:
        pass
    return await saved(message)


async def asked(people, text="Go", user=None):
    """Send a first message; return `(tab, message)`, the reply's id."""
    _, tab = await people.new_chat(user)
    await tab.say(text)
    return tab, (await tab.until("reply.started"))["message"]


async def test_a_reply_is_an_entry_with_what_the_provider_reported(people, provider):
    await set_prices()
    provider.reply("Good.", usage=REPORTED)
    tab, message = await asked(people)
    reply = await finished(tab, message)
    (entry,) = await entries()
    assert (entry.user_id, entry.persona_id) == (people.alice.pk, people.persona.pk)
    assert entry.generation_id == reply.generation.pk
    assert (entry.state, entry.purpose) == (State.SETTLED, "reply")
    assert (entry.prompt_tokens, entry.cached_tokens) == (30, 10)
    assert (entry.completion_tokens, entry.reasoning_tokens) == (12, 5)
    assert entry.cost_micros == 20 + 1 + 36 == reply.generation.cost_micros
    assert not entry.is_estimated


async def test_what_was_set_aside_becomes_what_it_was(people, provider):
    await budget(100_000, "tokens")
    hold = provider.hold()
    provider.reply_pieces(["Go", hold, "od."], usage=REPORTED)
    tab, message = await asked(people)
    await hold.reached()
    (reserved,) = await used()
    assert reserved > 4096
    assert [entry.state for entry in await entries()] == [State.RESERVED]
    hold.release()
    await finished(tab, message)
    assert await used() == [42]


async def test_the_model_is_asked_for_no_more_than_is_left(people, provider):
    await budget(1_000, "tokens", user=people.alice)
    tab, message = await asked(people)
    await finished(tab, message)
    assert 900 < provider.bodies[0]["max_tokens"] < 1_000


async def test_without_a_report_it_is_estimated(people, provider):
    await budget(100_000, "tokens")
    provider.reply("x" * 250, usage=False)
    tab, message = await asked(people)
    await finished(tab, message)
    (entry,) = await entries()
    assert entry.is_estimated
    assert entry.completion_tokens == 100
    assert await used() == [entry.prompt_tokens + 100]


async def test_a_call_that_failed_costs_nobody_anything(people, provider):
    await budget(5)
    provider.fail(401)
    tab, message = await asked(people)
    await finished(tab, message)
    (entry,) = await entries()
    assert entry.state == State.RELEASED
    assert await used() == [0]


async def test_what_was_stopped_has_cost_what_was_written(people, provider):
    tab, message, _hold = await growing(people, provider)
    await tab.send("reply.stop", message=message)
    await finished(tab, message)
    (entry,) = await entries()
    assert (entry.state, entry.is_estimated) == (State.SETTLED, True)
    assert entry.completion_tokens == 6  # "The beginning, "


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(HANG, "stalled"), (CUT, "connection_lost")],
    ids=["a stall", "a cut"],
)
async def test_what_breaks_off_has_cost_what_was_written(
    people, provider, settings, trouble, code
):
    if trouble is HANG:  # else it may be thought to hang before it is cut
        settings.OPENAI_GAP_TIMEOUT_SECONDS = SHORT_SECONDS
    await budget(100_000, "tokens")
    provider.reply_pieces(["The beginning, ", trouble])
    tab, message = await asked(people)
    reply = await finished(tab, message)
    assert reply.generation.error_code == code
    (entry,) = await entries()
    assert (entry.state, entry.is_estimated) == (State.SETTLED, True)
    assert entry.completion_tokens == 6  # "The beginning, "
    assert await used() == [entry.prompt_tokens + entry.completion_tokens]


async def test_what_never_began_costs_nothing_and_is_in_nobodys_way(
    people, provider, settings
):
    patience = settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = SHORT_SECONDS
    settings.CHAT_MAX_OPEN_REPLIES = 1
    await budget(1)
    provider.no_headers(HANG)
    tab, message = await asked(people)
    reply = await finished(tab, message)
    assert reply.generation.error_code == "slow_to_start"
    assert [entry.state for entry in await entries()] == [State.RELEASED]
    assert await used() == [0]
    settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = patience
    provider.forget_scripts()
    await tab.say("And now?", parent=message)
    again = (await tab.until("reply.started"))["message"]
    assert (await finished(tab, again)).generation.state == Generation.State.FINISHED
    assert await used() == [1]


async def test_to_continue_is_a_call_of_its_own(people, provider):
    await budget(2)
    provider.reply("One and ", finish="length", usage=False)
    tab, message = await asked(people)
    await finished(tab, message)
    provider.reply("two.", usage=False)
    await tab.send("reply.continue", message=message)
    assert (await finished(tab, message)).text == "One and two."
    first, second = await entries()
    assert first.generation_id == second.generation_id
    assert second.completion_tokens == 2  # "two." alone
    assert await used() == [2]


async def test_to_continue_in_vain_costs_what_was_added_and_not_all_of_it(
    people, provider
):
    provider.reply("One and two and three. " * 40, finish="length", usage=False)
    tab, message = await asked(people)
    await finished(tab, message)
    hold = provider.reply("four.", hold_at=0, usage=False)
    await tab.send("reply.continue", message=message)
    await tab.until("reply.started")
    await abandon(message)
    hold.release()
    first, second, *_ = await entries()
    assert first.completion_tokens > 300
    assert second.completion_tokens < 10


async def test_when_it_is_used_up_nothing_is_saved_and_nothing_is_asked(
    people, provider
):
    await budget(1, user=people.alice)
    tab, message = await asked(people)
    await finished(tab, message)
    _, other = await people.new_chat()
    client_id = await other.say("And now?")
    frame = await other.until("error")
    assert (frame["code"], frame["client_id"]) == ("budget", client_id)
    assert "Your budget of 1 message a day is used up." in frame["detail"]
    assert "It is refilled on" in frame["detail"]
    assert await Conversation.objects.acount() == 1
    assert len(provider.requests) == 1


async def test_what_waits_for_another_reply_finds_the_budget_used_up(people, provider):
    await budget(1, user=people.alice)
    tab, message, hold = await growing(people, provider)
    await database_sync_to_async(Budget.objects.filter(amount=1).update)(
        amount=2
    )  # so it may wait
    await tab.say("And then?", parent=message)
    waiting = (await tab.until("reply.started"))["message"]
    await database_sync_to_async(Budget.objects.filter(amount=2).update)(amount=1)
    hold.release()
    reply = await finished(tab, waiting)
    assert reply.generation.error_code == "budget"
    assert len(provider.requests) == 1
    assert await used() == [1]


async def test_who_missed_its_writer_only_estimates(people, provider):
    await budget(100_000, "tokens")
    tab, message, hold = await growing(people, provider)
    await clock.save()
    await abandon(message)
    estimate, *_ = await used()
    assert 0 < estimate < 100
    hold.release()
    writer = process.replies.get(message)._task
    await asyncio.wait([writer], timeout=PATIENCE_SECONDS)
    (entry,) = await entries()
    assert not entry.is_estimated
    assert await used() == [entry.prompt_tokens + entry.completion_tokens]


async def test_the_same_without_any_budget_is_one_entry(people, provider):
    _tab, message, hold = await growing(people, provider)
    await abandon(message)
    hold.release()
    writer = process.replies.get(message)._task
    await asyncio.wait([writer], timeout=PATIENCE_SECONDS)
    (entry,) = await entries()
    assert (entry.state, entry.is_estimated) == (State.SETTLED, False)


async def test_what_is_erased_while_it_is_written_is_counted(people, provider):
    await budget(100_000, "tokens")
    _tab, message, hold = await growing(people, provider)
    writer = process.replies.get(message)._task
    await database_sync_to_async(Conversation.objects.all().delete)()
    hold.release()
    await asyncio.wait([writer], timeout=PATIENCE_SECONDS)
    (entry,) = await entries()
    assert (entry.state, entry.generation_id) == (State.SETTLED, None)
    assert await used() == [entry.prompt_tokens + entry.completion_tokens]


@database_sync_to_async
def abandon(message):
    """Settle the reply as other processes do, which hear nothing of its own."""
    rows = Generation.objects.filter(message=message)
    recovery.contact.reset()
    kept = recovery.replies
    try:
        recovery.replies = []
        with transaction.atomic():  # its writer gives no sign of life in between
            rows.update(heartbeat_at="2020-01-01T00:00:00Z")
            recovery.settle_stale(rows)
    finally:
        recovery.replies = kept
    assert rows.get().state == Generation.State.INTERRUPTED
