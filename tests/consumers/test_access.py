import uuid

import pytest
from channels.db import database_sync_to_async

from conversations.actions.terms import accept_terms
from conversations.consumers.presence import present
from conversations.models import Terms
from tests.consumers.base import saved


async def test_another_persons_conversation_is_not_there(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.bob, conversation.pk)
    assert await tab.until_closed() == 4404


async def test_who_is_not_signed_in_is_told_so(people):
    tab = await people.tab(None, uuid.uuid4())
    assert await tab.until_closed() == 4401
    beside = await people.list_tab(None)
    assert await beside.until_closed() == 4401


async def test_an_id_waited_for_gives_nothing_away(people):
    """Bob's tab waits at an address; alice's first message makes it hers."""
    conversation_id, bobs = await people.new_chat(people.bob)
    alices = await people.tab(people.alice, conversation_id)
    await alices.say("My secret")
    await alices.until("reply.ended")
    assert await bobs.hears_nothing()
    await bobs.say("Let me in")
    assert await bobs.until_closed() == 4404
    assert bobs.frames == []


async def test_a_refused_message_gives_nothing_away(people):
    """Bob's tab waits at an address, and has tried to begin there."""
    conversation_id, bobs = await people.new_chat(people.bob)
    await bobs.say("  ")
    assert (await bobs.next())["code"] == "empty"
    alices = await people.tab(people.alice, conversation_id)
    await alices.say("My secret")
    await alices.until("reply.ended")
    assert await bobs.hears_nothing()


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "message.edit", "client_id": str(uuid.uuid4()), "text": "Mine now"},
        {"type": "reply.regenerate"},
        {"type": "reply.continue"},
        {"type": "reply.stop"},
        {"type": "reply.compare", "personas": ["helper"]},
        {"type": "reply.keep"},
        {"type": "branch.select"},
    ],
    ids=lambda frame: frame["type"],
)
async def test_messages_of_others_cannot_be_touched(people, provider, frame):
    foreign = await people.conversation(people.bob, ("Secret?", "Yes."))
    mine = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, mine.pk)
    await tab.send(kind=frame["type"], **_fields(frame, foreign.head_id))
    answer = await tab.next()
    assert answer["code"] == "not_found"
    assert "Yes." not in str(answer)
    assert (await saved(foreign.head_id)).text == "Yes."
    assert provider.requests == []


async def test_sync_of_foreign_messages_shows_nothing(people):
    foreign = await people.conversation(people.bob, ("Secret?", "Yes."))
    mine = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, mine.pk)
    await tab.send("sync", seq={str(foreign.head_id): 0}, head=foreign.head_id)
    await tab.until("conversation.changed")
    assert "Hello." in str(tab.frames)
    assert "Yes." not in str(tab.frames)


def _fields(frame, message):
    fields = {name: value for name, value in frame.items() if name != "type"}
    return fields | {"message": message}


async def test_nobody_goes_on_over_a_socket_before_they_accept_the_terms(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, conversation.pk)
    listed = await people.list_tab(people.alice)
    terms = Terms(version="1", text="Be kind.")
    await database_sync_to_async(terms.save)()
    await tab.say("Let me go on")
    assert await tab.until_closed() == 4403
    await present.look()  # who only listens is told as well
    assert await listed.until_closed() == 4403
    late = await people.tab(people.alice, conversation.pk)
    assert await late.until_closed() == 4403
    await database_sync_to_async(accept_terms)(user=people.alice, terms_id=terms.pk)
    back = await people.tab(people.alice, conversation.pk)
    await back.say("Here I am")
    assert (await back.until("message.accepted"))["html"]
