"""However quickly frames come, they are taken at a pace that leaves time for others."""

import asyncio

from conversations.consumers import pacing
from conversations.consumers.viewing import Window


async def test_what_a_page_sends_is_taken_at_once_and_a_flood_is_not(monkeypatch):
    monkeypatch.setattr(pacing.time, "monotonic", lambda: 0.0)
    slept = []

    async def sleep(seconds):
        slept.append(round(seconds * pacing.A_SECOND))

    monkeypatch.setattr(asyncio, "sleep", sleep)
    pace = pacing.Pace()
    for _ in range(pacing.AT_ONCE):
        await pace.wait()
    assert slept == []
    for _ in range(3):
        await pace.wait()
    assert slept == [1, 2, 3]  # each after the one before, so many a second


async def test_every_frame_but_an_awaited_acknowledgement_keeps_to_it(
    people, monkeypatch
):
    taken = []

    async def wait(self):
        taken.append(self)

    monkeypatch.setattr(pacing.Pace, "wait", wait)
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("ack", message=conversation.head_id, seq=1)
    await tab.send("sync")
    await tab.next()
    assert len(taken) == 2


def test_each_frame_is_awaited_once():
    window = Window(1000)
    window.sent(7, 1, 10)
    window.sent(7, 2, 10)
    assert window.awaits(7, 2)
    assert not window.awaits(7, 3)
    assert not window.awaits(8, 1)
    window.acknowledged(7, 2)
    assert not window.awaits(7, 2)
