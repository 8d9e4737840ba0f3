"""A reply ends once, as it should, whoever else says something of it meanwhile."""

import asyncio
import threading
import uuid
from datetime import timedelta

from channels.db import database_sync_to_async
from django.db import DataError, OperationalError, transaction
from django.utils import timezone

from conversations.actions.messages import post_message
from conversations.actions.replies import continue_reply, stop_reply
from conversations.generation import clock, process, recovery, runner
from conversations.generation.draft import Draft
from conversations.generation.live import PROCESS, replies
from conversations.generation.outcome import Outcome
from conversations.generation.settling import settle
from conversations.lanes import saving
from conversations.models import Failure, Generation, LanguageModel, Message
from tests.base import ChatTestCase, add_turn
from tests.consumers.base import saved
from tests.consumers.test_resilience import growing
from tests.patience import PATIENCE_SECONDS

State = Generation.State


@database_sync_to_async
def give_up(message):
    """End the reply as another process does that hears nothing of its own."""
    rows = Generation.objects.select_related("message__conversation", "model")
    outcome = Outcome(State.INTERRUPTED, Failure.INTERRUPTED)
    assert settle(rows.get(message=message), outcome)


async def test_writer_that_was_given_up_does_not_end_the_continuation(people, provider):
    tab, message, hold = await growing(people, provider, then=["the old end"])
    second_hold = provider.hold()
    provider.reply_pieces(["and on, ", second_hold, "to the end."])
    writer = replies.get(message)._task
    await clock.save()
    await give_up(message)
    await tab.send("reply.continue", message=message)
    await second_hold.reached()
    hold.release()
    await asyncio.wait([writer], timeout=PATIENCE_SECONDS)
    assert (await saved(message)).generation.state == State.RUNNING
    continuation = replies.get(message)._task
    second_hold.release()
    await asyncio.wait([continuation], timeout=PATIENCE_SECONDS)
    reply = await saved(message)
    assert reply.generation.state == State.FINISHED
    assert reply.text == "The beginning, and on, to the end."


async def test_writer_that_was_given_up_ends_its_reply_all_the_same(people, provider):
    _, message, hold = await growing(people, provider)
    writer = replies.get(message)._task
    await give_up(message)
    hold.release()
    await asyncio.wait([writer], timeout=PATIENCE_SECONDS)
    reply = await saved(message)
    assert reply.generation.state == State.FINISHED
    assert reply.text == "The beginning, the rest."


async def test_the_end_is_read_in_the_thread_in_which_it_grows(
    people, provider, monkeypatch
):
    """In another it is read while a frame is taken, and has some of its words twice."""
    read, readers = Draft.text.fget, set()

    def note(draft):
        readers.add(threading.get_ident())
        return read(draft)

    monkeypatch.setattr(Draft, "text", property(note))
    _, message, hold = await growing(people, provider)
    writer = replies.get(message)._task
    hold.release()
    await asyncio.wait([writer], timeout=PATIENCE_SECONDS)
    assert (await saved(message)).text == "The beginning, the rest."
    assert readers == {threading.get_ident()}


async def test_trouble_with_the_facts_and_then_with_the_database_loses_nothing(
    people, provider, monkeypatch, settings
):
    settings.GENERATION_SAVE_SECONDS = 0.05
    tab, message, hold = await growing(people, provider)
    troubles = [DataError("odd facts"), OperationalError("away")]

    def settle_at_the_third_try(*arguments, **named):
        if troubles:
            raise troubles.pop(0)
        return settle(*arguments, **named)

    monkeypatch.setattr(runner, "settle", settle_at_the_third_try)
    hold.release()
    assert (await tab.until("reply.ended"))["state"] == State.FINISHED
    assert (await saved(message)).text == "The beginning, the rest."


async def test_model_that_is_removed_meanwhile_takes_no_reply_along(
    people, provider, caplog
):
    _, message, hold = await growing(people, provider)
    writer = replies.get(message)._task
    await database_sync_to_async(LanguageModel.objects.all().delete)()
    hold.release()
    await asyncio.wait([writer], timeout=PATIENCE_SECONDS)
    reply = await saved(message)
    assert reply.generation.state == State.FINISHED
    assert reply.text == "The beginning, the rest."
    assert reply.generation.completion_tokens is not None
    assert "ERROR" not in {record.levelname for record in caplog.records}


async def test_stop_that_only_the_database_was_told_of_is_found(people, provider):
    """As when the process that was asked cannot tell the one that writes."""
    tab, message, _ = await growing(people, provider)
    rows = Generation.objects.filter(message=message)
    await database_sync_to_async(rows.update)(stop_requested=True)
    assert (await tab.until("reply.ended"))["state"] == State.STOPPED
    await provider.requests[0].client_left()


async def test_reply_that_is_committed_after_the_drain_is_put_back(people):
    process.attach()
    is_posted, commit = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def post():
        new = {"conversation_id": uuid.uuid4(), "persona_slug": "helper"}
        with transaction.atomic():
            posted = post_message(
                user=people.alice, text="Hi", client_id=uuid.uuid4(), **new
            )
            loop.call_soon_threadsafe(is_posted.set)
            commit.wait(PATIENCE_SECONDS)
        return posted

    posting = asyncio.create_task(database_sync_to_async(post)())
    await is_posted.wait()
    await process.drain(0)
    commit.set()
    posted = await posting
    assert posted.reply.generation.state == State.RUNNING  # as it was begun
    generation = (await saved(posted.reply.pk)).generation
    assert (generation.state, generation.owner) == (State.QUEUED, "")


async def test_socket_that_opens_after_the_drain_begins_nothing(people, provider):
    process.attach()
    await process.drain(0)
    _, tab = await people.new_chat()
    await tab.say("Go")
    message = (await tab.until("reply.started"))["message"]
    assert (await saved(message)).generation.state == State.QUEUED
    assert provider.requests == []


async def test_drain_ends_though_a_thread_waits_for_the_database(people, monkeypatch):
    monkeypatch.setattr(process, "SAVING_SECONDS", 0.1)
    process.attach()
    go_on = threading.Event()
    waiting = asyncio.create_task(saving.run(go_on.wait, 2 * PATIENCE_SECONDS))
    await asyncio.sleep(0)  # it is in its thread
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.drain(0)
    finally:
        go_on.set()
        await waiting


class EndTests(ChatTestCase):
    def abandoned(self):
        """A reply of this process that looks as if nobody wrote it any more."""
        _, reply = add_turn(self.conversation, "And now?", None)
        long_ago = timezone.now() - timedelta(seconds=60)
        running = {"state": State.RUNNING, "owner": PROCESS, "heartbeat_at": long_ago}
        Generation.objects.filter(message=reply).update(**running)
        Message.objects.filter(pk=reply.pk).update(text="Half")
        rows = Message.objects.select_related("generation", "conversation")
        return rows.get(pk=reply.pk)

    def come_back(self, reply):
        """Its owner lives after all, and has it whole."""
        generation = Generation.objects.select_related("message__conversation")
        whole = {"text": "Half and half", "reasoning": "", "by": PROCESS}
        settle(generation.get(message=reply), Outcome(State.FINISHED), **whole)
        reply.refresh_from_db()
        reply.generation.refresh_from_db()

    def test_owner_that_comes_back_overrides_an_interruption(self):
        reply = self.abandoned()
        recovery.settle_stale(Generation.objects.all())
        reply.generation.refresh_from_db()
        self.assertEqual(reply.generation.state, State.INTERRUPTED)
        self.come_back(reply)
        self.assertEqual(reply.generation.state, State.FINISHED)
        self.assertEqual(reply.text, "Half and half")

    def test_owner_that_comes_back_does_not_override_a_stop(self):
        reply = self.abandoned()
        stop_reply(reply=reply)
        recovery.settle_stale(Generation.objects.all())
        self.come_back(reply)
        self.assertEqual(reply.generation.state, State.INTERRUPTED)
        self.assertEqual(reply.text, "Half")

    def test_owner_that_comes_back_does_not_override_another(self):
        reply = self.abandoned()
        Generation.objects.filter(message=reply).update(owner="elsewhere")
        self.come_back(reply)
        self.assertEqual(reply.generation.state, State.RUNNING)

    def test_continued_reply_forgets_how_its_first_try_failed(self):
        _, reply = add_turn(self.conversation, "Go", "Half", state=State.FAILED)
        failure = {"error_code": "provider_down", "error_status": 502}
        rows = Generation.objects.filter(message=reply)
        rows.update(request_id="req-1", **failure)
        continue_reply(user=self.alice, reply=reply)
        settle(rows.get(), Outcome(State.FINISHED), text="Half and half")
        generation = rows.get()
        self.assertEqual(generation.error_code, "")
        self.assertIsNone(generation.error_status)
        self.assertEqual(generation.request_id, "")
