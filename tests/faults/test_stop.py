"""P26: Stop, from any tab and process, at any moment."""

import asyncio
import time

from .pages import words_of
from .stack import count

# Saves ask the database too, and would find what was not told: there are none.
NO_SAVES = {"GENERATION_SAVE_SECONDS": "3600", "GENERATION_STALE_SECONDS": "9999"}


async def test_stop_from_another_process_at_any_moment(stack, provider):
    await stack.restart(**NO_SAVES)
    provider.words, provider.pause_seconds = 150, 0.01
    tabs = [await stack.tab(at=stack.site) for _ in range(count(10, 100))]
    await tabs[0].ask("Hello")  # the first reply of a process takes longer to begin
    stops = [stop(stack, tab, f"Question {n}") for n, tab in enumerate(tabs)]
    for at in range(0, len(stops), 10):
        await asyncio.gather(*stops[at : at + 10])
    await stack.check(states={"finished", "stopped"})
    kept = [await stack.stored(tab) for tab in tabs]
    asked = len(provider.requests)
    await sweep_anew(stack)
    assert [await stack.stored(tab) for tab in tabs] == kept
    assert len(provider.requests) == asked + 3


async def sweep_anew(stack):
    """Start all processes anew and wait until they have looked for forgotten replies.

    They have when they answer a question that nobody told them of, and then another,
    as what was found before it is begun before it.
    """
    tab = await stack.tab()
    await tab.ask("Something")
    await stack.kill()
    await stack.ask("leave_question", tab.conversation, "Forgotten")
    await stack.start()
    await tab.until(lambda: len(tab.page.messages) == 4, "the forgotten question")
    await tab.settled()
    await tab.ask("Something else")


async def stop(stack, tab, question):
    """Stop the reply to `question` at some moment; see that it has ended for good."""
    is_endless = stack.rng.random() < 0.5  # the others may have ended by themselves
    words = stack.rng.randint(0, 100)
    hold = stack.provider.hold_after(question, words) if is_endless else None
    reply = (await tab.reply_to(tab.say(question))).pk
    stopper = await stack.another_tab(tab, at=stack.other)
    await stopper.until(lambda: reply in stopper.page.messages, "the reply")
    if is_endless and words > len(question.split()):
        await hold.reached()
        await stopper.shows(reply, question)
    else:
        await asyncio.sleep(stack.rng.uniform(0, 1.8))
    shown, was_open = stopper.page.messages[reply].words, stopper.page.open_replies
    seq = stopper.page.messages[reply].seq
    stopped_at = time.monotonic()
    stopper.stop(reply, seq=stack.rng.choice([None, seq]))
    ended = [await someone.ended(reply) for someone in (stopper, tab)]
    assert ended[0].body == ended[1].body
    assert words_of(ended[0].body).startswith(shown)
    if is_endless or ended[0].state != "finished":
        assert was_open
        assert ended[0].state == "stopped"
        stack.note("P26 Stop until it is seen", "s", time.monotonic() - stopped_at)
    if is_endless:  # of the others, all may have been said already
        for request in stack.provider.requests_for(question):
            await request.client_left()
            stack.note(
                "P26 … until upstream is closed", "s", time.monotonic() - stopped_at
            )
