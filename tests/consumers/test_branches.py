"""Edits, other personas, comparisons and beginnings by the socket's frames."""

import uuid

import pytest
from channels.db import database_sync_to_async

from conversations.models import Conversation, Folder, Message
from tests.base import make_persona
from tests.consumers.base import saved

in_database = database_sync_to_async


@pytest.fixture
async def critic(people):
    return await in_database(make_persona)("critic", instructions="Find fault.")


@pytest.fixture
async def talk(people):
    """Alice's tab, her conversation, and what was said: the question and the reply."""
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, conversation.pk)
    rows = Message.objects.filter(conversation=conversation).order_by("pk")
    question, reply = await in_database(list)(rows)
    return tab, conversation, question, reply


async def until_ended(tab, count=1):
    for _ in range(count):
        await tab.until("reply.ended")


async def test_an_edit_sent_twice_is_one_version_and_is_answered_twice(talk, provider):
    tab, conversation, question, _ = talk
    fields = {"client_id": str(uuid.uuid4()), "message": question.pk, "text": "Hey"}
    await tab.send("message.edit", **fields)
    shown = await tab.until("conversation.changed")
    accepted = await tab.until("message.accepted")
    assert accepted["client_id"] == fields["client_id"]
    assert "Hey" in shown["branch"]["html"]
    assert shown["branch"]["after"] is None
    await until_ended(tab)
    # The answer was lost with the socket: it is asked for again.
    await tab.send("message.edit", **fields)
    again = await tab.until("message.accepted")
    assert again["message"] == accepted["message"]
    total = await in_database(conversation.messages.count)()
    assert total == 4
    assert len(provider.requests) == 1


async def test_the_other_tabs_are_told_which_version_was_chosen(talk, people, provider):
    tab, conversation, _, reply = talk
    await tab.send("reply.regenerate", message=reply.pk)
    again = (await tab.until("reply.ended"))["message"]
    other = await people.tab(people.alice, conversation.pk)
    for chosen in (reply.pk, again, reply.pk):
        await tab.send("branch.select", message=chosen)
        await tab.until("conversation.changed")
        told = await other.until("branch.selected")
        assert told["message"] == chosen
        assert told["versions"] == [reply.pk, again]
    # Who follows is the one who chose then.
    await other.send("branch.select", message=again)
    await tab.until("branch.selected")
    assert len(tab.of_type("branch.selected")) == 1


async def test_another_persona_regenerates_with_its_own_instructions(
    talk, critic, provider
):
    tab, _, _, reply = talk
    await tab.send("reply.regenerate", message=reply.pk, persona="critic")
    changed = await tab.until("conversation.changed")
    assert "Critic" in changed["branch"]["html"]
    await until_ended(tab)
    assert provider.requests[0].body["messages"][0]["content"] == "Find fault."


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"persona": "nobody"}, "no_persona"),
        ({"persona": "helper", "model": 1}, "no_model"),
        ({"persona": 7}, "bad_field"),
        ({"model": "gpt"}, "bad_field"),
    ],
)
async def test_whom_one_may_not_ask_is_refused(talk, provider, choice, code):
    tab, _, _, reply = talk
    await tab.send("reply.regenerate", message=reply.pk, **choice)
    refused = await tab.next()
    assert (refused["type"], refused["code"]) == ("error", code)
    assert refused["message"] == reply.pk
    assert provider.requests == []


async def test_two_stream_at_once_and_another_tab_sees_both(
    people, talk, critic, provider
):
    tab, conversation, question, _ = talk
    other = await people.tab(people.alice, conversation.pk)
    holds = [provider.hold(), provider.hold()]
    for number, hold in enumerate(holds):
        provider.reply_pieces([f"Number {number} begins", hold, " and ends."])
    await tab.send("reply.compare", message=question.pk, personas=["helper", "critic"])
    changed = await tab.until("conversation.changed")
    assert changed["branch"]["html"].count("data-compared") == 2
    for hold in holds:
        await hold.reached()  # both are being written now
    started = [(await other.until("reply.started"))["message"] for _ in range(2)]
    for hold in holds:
        hold.release()
    await until_ended(tab, 2)
    texts = {(await saved(pk)).text for pk in started}
    assert texts == {"Number 0 begins and ends.", "Number 1 begins and ends."}

    await until_ended(other, 2)
    await tab.send("reply.keep", message=started[1])
    kept = await tab.until("conversation.changed")
    assert "data-compared" not in kept["branch"]["html"]
    assert f'id="message-{started[1]}"' in kept["branch"]["html"]
    told = await other.until("reply.started")
    assert told["message"] == started[1]
    assert "data-compared" not in told["html"]


@pytest.mark.parametrize(
    "fields",
    [
        {"personas": []},
        {"personas": ["helper", "critic", "helper"]},
        {"personas": "helper"},
        {"personas": ["helper", None]},
        {"personas": ["helper", "critic"], "models": ["gpt", None]},
        {},
    ],
)
async def test_a_comparison_of_nothing_is_a_bad_frame(talk, fields):
    tab, _, question, _ = talk
    await tab.send("reply.compare", message=question.pk, **fields)
    assert (await tab.next())["code"] == "bad_field"


async def begun(people, **fields):
    conversation_id, tab = await people.new_chat()
    first = {"client_id": str(uuid.uuid4()), "text": "Hi", "parent": None}
    await tab.send("message.send", **first, persona="helper", **fields)
    return conversation_id, tab


async def test_a_temporary_chat_is_so_from_its_first_message(people):
    conversation_id, tab = await begun(people, temporary=True)
    await tab.until("message.accepted")
    row = await in_database(Conversation.objects.get)(pk=conversation_id)
    assert row.expires_at > row.updated_at


async def test_a_chat_begins_in_a_folder(people):
    make = in_database(Folder.objects.create)
    folder = await make(owner=people.alice, name="Water")
    conversation_id, tab = await begun(people, folder=folder.pk)
    await tab.until("message.accepted")
    row = await in_database(Conversation.objects.get)(pk=conversation_id)
    assert row.folder_id == folder.pk
    assert row.expires_at is None


async def test_the_folder_of_another_is_not_there(people):
    foreign = await in_database(Folder.objects.create)(owner=people.bob, name="Bob's")
    for folder, code in ((foreign.pk, "no_folder"), ("x", "bad_field")):
        conversation_id, tab = await begun(people, folder=folder)
        assert (await tab.next())["code"] == code
        rows = Conversation.objects.filter(pk=conversation_id)
        assert not await in_database(rows.exists)()


async def test_a_tab_whose_reader_asked_for_its_branch_keeps_it(people, talk, provider):
    first, conversation, _, reply = talk
    await first.send("reply.regenerate", message=reply.pk)
    await until_ended(first)
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("sync", seq={}, head=reply.pk, stays=True)
    told = await tab.until("reply.started")
    assert told["message"] != reply.pk  # where it is, and not in place of the other
    await tab.send("sync", seq={}, head=reply.pk)
    moved = await tab.until("conversation.changed")
    assert moved["branch"]["after"] == reply.parent_id
