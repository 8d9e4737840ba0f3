"""Two things happen at once, or much later, and a tab shows what is so all the same."""

import asyncio
import time

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from conversations import events, metrics, thread
from conversations.consumers import base, chat, watching
from conversations.generation.live import PROCESS
from conversations.layers.local import LocalChannelLayer
from conversations.models import Conversation, Generation, Message
from tests.base import add_turn
from tests.consumers.test_resilience import growing
from tests.patience import PATIENCE_SECONDS

DAY_SECONDS = 86_400
NEVER_SECONDS = 1000


def layer_here():
    """The channel layer of this loop, whichever stack is below."""
    layer = get_channel_layer()
    return getattr(layer, "_here", layer)


def a_day_passes(monkeypatch, layer):
    """By the clock of the wall, as `layer` sees it when it next looks."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + DAY_SECONDS + 100)
    monkeypatch.setattr(layer, "_clean_at", 0.0)


async def tab_that_listens(people, conversation):
    """A tab that was answered once: it hears whatever is told from here on."""
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("reply.stop", message=999999)
    await tab.until("error")
    return tab


async def written_elsewhere(people):
    """A reply that another process writes: `(conversation, message, its row)`."""
    conversation = await people.conversation(people.alice, ("Hi", "Hello."), ("Go", ""))
    message = conversation.head_id
    row = Generation.objects.filter(message=message)

    def begin():
        Message.objects.filter(pk=message).update(text="Half")
        row.update(state="running", owner="elsewhere", heartbeat_at=Now(), seq=3)

    await database_sync_to_async(begin)()
    return conversation, message, row


async def tab_that_watches(people, conversation, message):
    """A tab that shows as much of the reply as the database has."""
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("sync", seq={str(message): 0}, head=message)
    await tab.until_shown(message, "Half")
    return tab


async def test_what_was_said_during_a_gap_is_shown_by_a_sync(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await tab_that_listens(people, conversation)

    def post_elsewhere():
        there = Conversation.objects.select_related("head", "owner")
        there = there.select_related("persona__version").get(pk=conversation.pk)
        add_turn(there, "From another process", "Answer.")  # its event was lost

    await database_sync_to_async(post_elsewhere)()
    await events.publish(events.GAPS, events.EVENTS_MISSED)
    await tab.until("sync")
    await tab.send("sync", head=conversation.head_id)
    posted = await tab.until("message.posted")
    assert "From another process" in str(posted)


async def test_what_was_refused_here_and_sent_elsewhere_is_shown_here(people):
    conversation = await people.conversation(people.alice, ("One?", "First."))
    refused = await people.tab(people.alice, conversation.pk)
    other = await people.tab(people.alice, conversation.pk)
    client_id = await refused.say("Two?", parent=999_999_999)
    assert (await refused.until("error"))["code"] == "no_parent"
    await other.say("Two?", parent=conversation.head_id, client_id=client_id)
    assert "Two?" in (await refused.until("message.posted"))["html"]


async def test_socket_that_is_a_day_old_still_hears(people, monkeypatch):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    old = await tab_that_listens(people, conversation)
    a_day_passes(monkeypatch, layer_here())
    new = await people.tab(people.alice, conversation.pk)
    await new.say("And?", parent=conversation.head_id)
    await old.until("message.posted")


async def test_process_that_is_a_day_old_is_still_told_to_stop(
    people, provider, monkeypatch
):
    tab, message, _ = await growing(people, provider)
    a_day_passes(monkeypatch, layer_here())
    group = events.process_group(PROCESS)
    await events.publish(group, events.STOP_WANTED, message=message, seen=None)
    assert (await tab.until("reply.ended"))["state"] == "stopped"


async def test_who_did_not_listen_for_long_hears_what_comes_next(monkeypatch):
    layer = LocalChannelLayer()
    channel = await layer.new_channel()
    await layer.group_add("talk", channel)
    await layer.group_send("talk", {"word": "long ago"})
    a_day_passes(monkeypatch, layer)
    await layer.group_send("talk", {"word": "now"})
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await layer.receive(channel) == {"word": "now"}


async def test_who_signed_out_does_not_see_a_reply_to_its_end(
    people, provider, monkeypatch
):
    monkeypatch.setattr(base, "SIGNED_IN_SECONDS", 0)
    monkeypatch.setattr(watching, "PATIENCE_SECONDS", 0.05)
    tab, _, _ = await growing(people, provider)
    await database_sync_to_async(Session.objects.all().delete)()
    assert await tab.until_closed() == base.SIGN_IN


async def test_gap_in_a_reply_written_elsewhere_is_closed_at_once(people, monkeypatch):
    monkeypatch.setattr(watching, "PATIENCE_SECONDS", NEVER_SECONDS)
    conversation, message, _ = await written_elsewhere(people)
    inbox = await events.open_inbox(events.process_group("elsewhere"))

    async def send_snapshot_when_asked(seq, html):
        asked = await asyncio.wait_for(events.receive(inbox), PATIENCE_SECONDS)
        texts = {"segments": [html], "reasoning": []}
        answered = {"message": message, "seq": seq} | texts
        await events.answer(asked["channel"], events.SNAPSHOT_TAKEN, **answered)

    tab = await tab_that_watches(people, conversation, message)
    await send_snapshot_when_asked(5, "<p>Half and more</p>")
    await tab.until_shown(message, "and more")
    await events.publish(
        events.conversation_group(conversation.pk),
        events.GENERATION_PROGRESSED,
        message=message,
        seq=7,  # the sixth was lost
        text='{"type": "reply.progressed"}',  # it is not sent: there is a gap
    )
    await send_snapshot_when_asked(7, "<p>Half and all the rest</p>")
    await tab.until_shown(message, "all the rest")


async def test_nothing_of_a_reply_comes_after_its_end(people, monkeypatch):
    monkeypatch.setattr(watching, "PATIENCE_SECONDS", 0.05)
    conversation, message, row = await written_elsewhere(people)
    has_looked, go_on = asyncio.Event(), asyncio.Event()
    drawn = chat.ChatConsumer._drawn

    async def draw_slowly(consumer, draw, pks):
        found = await drawn(consumer, draw, pks)
        if draw is watching.drawn_as_saved and not has_looked.is_set():
            has_looked.set()
            await go_on.wait()
        return found

    tab = await tab_that_watches(people, conversation, message)
    monkeypatch.setattr(chat.ChatConsumer, "_drawn", draw_slowly)
    await has_looked.wait()  # and found it growing
    await database_sync_to_async(row.update)(state="finished", seq=9)
    group = events.conversation_group(conversation.pk)
    await events.publish(group, events.GENERATION_ENDED, message=message)
    await tab.hears_nothing()  # the end waits; if it does not, it is first now
    go_on.set()
    await tab.until("reply.ended")
    assert await tab.hears_nothing()


async def test_socket_that_failed_leaves_its_groups(people, monkeypatch):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await tab_that_listens(people, conversation)
    closed = []
    monkeypatch.setattr(metrics, "socket_closed", lambda: closed.append(tab))

    def fail(*arguments):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(thread, "show_to", fail)
    group, pk = events.conversation_group(conversation.pk), conversation.head_id
    posted = {"question": pk, "reply": pk, "client_id": ""}
    await events.publish(group, events.MESSAGE_POSTED, **posted)
    with pytest.raises(ExceptionGroup):
        await tab._socket.wait(PATIENCE_SECONDS)
    assert closed == [tab]
    assert not layer_here().groups.get(group)
    assert not layer_here().groups.get(events.GAPS)
