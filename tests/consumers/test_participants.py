"""Two people in one conversation, each at their own tab."""

import asyncio

from channels.db import database_sync_to_async
from django.core.cache import cache

from conversations.actions.conversations import archive_conversations, pin_conversations
from conversations.actions.participants import (
    choose_replies,
    invite_person,
    join_conversation,
    remove_participant,
)
from conversations.models import Conversation, Participant


@database_sync_to_async
def invite(conversation, person):
    cache.clear()
    owned = Conversation.objects.select_related("owner").get(pk=conversation.pk)
    return invite_person(conversation=owned, name=person.username)


join = database_sync_to_async(join_conversation)
remove = database_sync_to_async(remove_participant)


async def together(people):
    """Return alice's conversation, in which bob takes part, and his place."""
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    place = await invite(conversation, people.bob)
    await join(place=place)
    return conversation, place


async def watch_list(people, person):
    """Open the list of somebody, who hears from then on of what changes in it."""
    beside = await people.list_tab(person)
    await beside.send("list.sync", since=0)
    await beside.until("folders.known")
    return beside


async def test_both_see_what_either_writes_and_who_wrote_it(people, provider):
    conversation, _place = await together(people)
    alices = await people.tab(people.alice, conversation.pk)
    bobs = await people.tab(people.bob, conversation.pk)
    await alices.say("From alice", parent=conversation.head_id)
    told = await bobs.until("message.posted")
    assert "From alice" in told["html"]
    assert "message--other" in told["html"]
    assert ">alice<" in told["html"]
    ended = await bobs.until("reply.ended")
    await bobs.say("From bob", parent=ended["message"])
    accepted = await bobs.until("message.accepted")
    assert "message--other" not in accepted["html"]
    told = await alices.until("message.posted")
    assert ">bob<" in told["html"]
    await alices.until("reply.ended")


async def test_a_branch_is_chosen_for_oneself(people, provider):
    conversation, _place = await together(people)
    alices = await people.tab(people.alice, conversation.pk)
    again = await people.tab(people.bob, conversation.pk)
    bobs = await people.tab(people.bob, conversation.pk)
    await bobs.send("reply.regenerate", message=conversation.head_id)
    await bobs.until("reply.ended")
    await alices.until("reply.ended")
    await again.until("reply.ended")
    await bobs.send("branch.select", message=conversation.head_id)
    told = await again.until("branch.selected")
    assert told["message"] == conversation.head_id
    assert await alices.hears_nothing()


async def test_what_somebody_does_with_their_place_is_told_to_their_own_pages(people):
    conversation, place = await together(people)
    alices = await people.tab(people.alice, conversation.pk)
    bobs = await people.tab(people.bob, conversation.pk)
    own = Conversation.objects.filter(pk=conversation.pk)
    await database_sync_to_async(archive_conversations)(rows=own)
    await alices.until("conversation.changed")
    assert await bobs.hears_nothing()
    places = Participant.objects.filter(pk=place.pk)
    await database_sync_to_async(pin_conversations)(rows=places)
    await bobs.until("conversation.changed")
    assert await alices.hears_nothing()


async def test_what_mentions_nobody_is_accepted_without_a_reply(people, provider):
    conversation, _place = await together(people)
    choose = database_sync_to_async(choose_replies)
    await choose(conversation=conversation, when="mentioned")
    alices = await people.tab(people.alice, conversation.pk)
    bobs = await people.tab(people.bob, conversation.pk)
    await bobs.say("Alice?", parent=conversation.head_id)
    assert (await bobs.until("message.accepted"))["answered"] is False
    told = await alices.until("message.posted")
    await alices.say("@helper, hello", parent=told["message"])
    assert (await alices.until("message.accepted"))["answered"] is True
    ended = await bobs.until("reply.ended")
    assert len(provider.requests) == 1
    assert ended["state"] == "finished"


async def test_a_mention_waits_for_the_reply_before_what_nobody_answered(
    people, provider
):
    conversation, _place = await together(people)
    choose = database_sync_to_async(choose_replies)
    await choose(conversation=conversation, when="mentioned")
    hold = provider.hold()
    provider.reply_pieces(["First ", hold, "reply."])
    provider.reply("Second reply.")
    tab = await people.tab(people.alice, conversation.pk)
    await tab.say("@helper, one", parent=conversation.head_id)
    first = (await tab.until("reply.started"))["message"]
    await hold.reached()
    await tab.say("Between us", parent=first)
    await tab.say("@helper, two", parent=first)
    second = (await tab.until("reply.started"))["message"]
    hold.release()
    while (await tab.until("reply.ended"))["message"] != second:
        pass
    sent = [m["content"] for m in provider.requests[1].body["messages"]]
    assert sent[-3:] == ["First reply.", "[alice] Between us", "[alice] @helper, two"]


async def test_who_is_removed_is_closed_out_and_the_others_go_on(people, provider):
    conversation, place = await together(people)
    tabs = [await people.tab(people.bob, conversation.pk) for _tab in range(2)]
    alices = await people.tab(people.alice, conversation.pk)
    beside = await watch_list(people, people.bob)
    await remove(place=place)
    codes = await asyncio.gather(*(tab.until_closed() for tab in tabs))
    assert codes == [4404, 4404]
    gone = await beside.until("conversation.removed")
    assert gone["conversation"] == str(conversation.pk)
    await alices.say("Alone again", parent=conversation.head_id)
    await alices.until("reply.ended")
    late = await people.tab(people.bob, conversation.pk)
    assert await late.until_closed() == 4404


async def test_who_leaves_while_a_reply_grows_sees_no_more_of_it(people, provider):
    conversation, place = await together(people)
    hold = provider.reply("First words and the last.", hold_at=0.5)
    alices = await people.tab(people.alice, conversation.pk)
    bobs = await people.tab(people.bob, conversation.pk)
    await alices.say("A secret?", parent=conversation.head_id)
    reply = await bobs.until("reply.started")
    await bobs.until_shown(reply["message"], "First")
    await remove(place=place)
    assert await bobs.until_closed() == 4404
    hold.release()
    await alices.until("reply.ended")


async def test_the_list_tells_of_an_invitation_and_of_what_is_written(people, provider):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    beside = await watch_list(people, people.bob)
    place = await invite(conversation, people.bob)
    invited = await beside.until("conversation.changed")
    assert invited["group"] == "together"
    assert "invitation" in invited["item"]
    tab = await people.tab(people.bob, conversation.pk)
    assert await tab.until_closed() == 4404
    await join(place=place)
    joined = await beside.until("conversation.changed")
    assert "invitation" not in joined["item"]
    alices = await people.tab(people.alice, conversation.pk)
    await alices.say("News", parent=conversation.head_id)
    await alices.until("reply.ended")
    while (
        "list-item--unread" not in (await beside.until("conversation.changed"))["item"]
    ):
        pass


async def test_a_list_that_was_away_learns_that_a_place_is_gone(people, provider):
    conversation, place = await together(people)
    beside = await watch_list(people, people.bob)
    await beside.send("list.sync", since=0)
    before = await beside.until("folders.known")
    assert beside.of_type("conversation.changed")
    await remove(place=place)
    await beside.until("conversation.removed")
    await beside.send("list.sync", since=0)
    assert (await beside.until("folders.known"))["version"] != before["version"]
    assert str(conversation.pk) in str(beside.frames)
