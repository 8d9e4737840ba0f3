"""A model writes the title where the site allows it and the person agrees."""

import pytest
from channels.db import database_sync_to_async

from conversations import usage
from conversations.generation import claiming, titling
from conversations.models import (
    Conversation,
    LanguageModel,
    Message,
    SiteSettings,
    UsageEntry,
    User,
)
from tests.consumers.conftest import people, provider
from tests.consumers.test_participants import invite, join, watch_list
from tests.usage.test_replies import asked, budget, entries, finished

__all__ = ["people", "provider"]


@database_sync_to_async
def allow(people, *, site=True, person=True):
    SiteSettings(better_titles=site).save()
    User.objects.filter(pk=people.alice.pk).update(better_titles=person)


@database_sync_to_async
def title():
    return Conversation.objects.get().title


async def changed(tab, words):
    """Wait until the page shows that title."""
    while words not in (await tab.until("conversation.changed"))["title"]:
        pass


async def test_the_title_is_written_once_and_counted(people, provider):
    await allow(people)
    provider.reply("Water is wet.")
    provider.reply("“About water.”\nI hope you like it!")
    tab, message = await asked(people, "Please tell me what water really is")
    await changed(tab, "About water.")
    assert await title() == "About water."
    reply, titled = await entries()
    assert (reply.purpose, titled.purpose) == ("reply", "title")
    assert titled.completion_tokens == 7
    asked_for = provider.bodies[1]
    assert asked_for["max_tokens"] == titling.TITLE_TOKENS
    assert "Water is wet" not in str(asked_for)
    await tab.say("And ice?", parent=message)
    second = (await tab.until("reply.started"))["message"]
    await finished(tab, second)
    assert len(provider.requests) == 3  # and no title


async def test_the_lists_of_all_who_take_part_show_it(people, provider):
    await allow(people)
    hold = provider.reply("Water is wet.", hold_at=0.5)
    provider.reply("About water.")
    tab, _message = await asked(people, "Please tell me what water really is")
    conversation = await database_sync_to_async(Conversation.objects.get)()
    await join(place=await invite(conversation, people.bob))
    beside = await watch_list(people, people.bob)
    hold.release()
    await changed(tab, "About water.")
    while "About water." not in (await beside.until("conversation.changed"))["item"]:
        pass


@pytest.mark.parametrize("given", [{"site": False}, {"person": False}])
async def test_never_without_consent(people, provider, given):
    await allow(people, **given)
    tab, message = await asked(people, "Please tell me what water really is")
    await finished(tab, message)
    tab, message = await asked(people, "And ice?")
    await finished(tab, message)
    purposes = {entry.purpose for entry in await entries()}
    assert purposes == {"reply"}
    assert len(provider.requests) == 2


async def test_a_name_that_a_person_gave_stays(people, provider):
    await allow(people)
    hold = provider.hold()
    provider.reply_pieces([hold, "Water."])
    tab, message = await asked(people)
    await Conversation.objects.aupdate(title="Mine")
    hold.release()
    await finished(tab, message)
    assert await title() == "Mine"
    assert await UsageEntry.objects.filter(purpose="title").acount() == 0


@database_sync_to_async
def job_of(message, people):
    """The job of a reply that has ended, as its writer has it."""
    rows = Message.objects.select_related(
        "conversation__owner", "parent", "generation__persona_version"
    )
    found = rows.get(pk=message)
    model = LanguageModel.objects.default()
    call = usage.Call(people.alice.pk, people.persona.pk, model, "reply")
    found.generation.message = found
    return claiming.Job(found.generation, None, None, call)


async def test_without_a_budget_for_it_nothing_is_asked(people, provider):
    tab, message = await asked(people, "What is water?")
    await finished(tab, message)
    await allow(people)
    await budget(10, "tokens", user=people.alice)
    await titling.write(await job_of(message, people))
    assert await title() == "What is water?"
    assert len(provider.requests) == 1


async def test_what_goes_wrong_costs_nothing_and_changes_nothing(people, provider):
    tab, message = await asked(people, "What is water?")
    await finished(tab, message)
    await allow(people)
    await budget(10_000, "tokens", user=people.alice)
    provider.fail(401)
    await titling.write(await job_of(message, people))
    assert await title() == "What is water?"
    *_, titled = await entries()
    assert (titled.purpose, titled.state) == ("title", "released")
