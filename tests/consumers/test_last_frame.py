"""The last words of a reply are shown before its end is told, and nothing after it."""

from conversations.generation import clock, runner
from conversations.generation.draft import Draft
from tests.consumers.base import saved

from .test_resilience import growing


async def test_one_that_cannot_be_shown_at_its_end_ends_there(
    people, provider, monkeypatch, settings
):
    settings.GENERATION_FRAME_SECONDS = 1000  # no beat comes before
    tab, message, hold = await growing(people, provider)

    def flush(draft):
        raise ValueError("a fault of the renderer")

    monkeypatch.setattr(Draft, "flush", flush)
    hold.release()
    assert (await tab.until("reply.ended"))["error"]["code"] == "internal"
    assert (await saved(message)).text == "The beginning, the rest."


async def test_the_end_is_told_once_though_a_beat_comes_before_all_is_put_away(
    people, provider, monkeypatch, settings
):
    settings.GENERATION_FRAME_SECONDS = 1000
    settle = runner._settle

    async def settle_before_a_beat(job, writing, outcome):
        waiting = await settle(job, writing, outcome)
        await clock.show_if_due(writing)
        return waiting

    monkeypatch.setattr(runner, "_settle", settle_before_a_beat)
    tab, message, hold = await growing(people, provider)
    hold.release()
    await tab.until("reply.ended")
    assert "the rest." in tab.shown(message)
    assert await tab.hears_nothing()
