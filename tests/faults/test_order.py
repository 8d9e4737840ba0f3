"""P6 and P7: many messages, several tabs, and every reply belongs to its question."""

import asyncio
import time

from .stack import count


async def test_messages_edits_and_regenerations_do_not_mix(stack, provider):
    provider.words, provider.pause_seconds = 30, 0.005
    first = await stack.tab()
    await first.ask("Begin")
    others = [await stack.another_tab(first, at=stack.other) for _ in range(2)]
    tabs = [first, *others]
    for number in range(count(25, 250)):
        do_something(stack.rng.choice(tabs), stack.rng, number)
        # Now and then a tab hears what the others did before it goes on.
        if stack.rng.random() < 0.3:
            await asyncio.sleep(stack.rng.uniform(0, 0.05))
    await stack.rest()
    for tab in tabs:
        tab.sync()  # one that showed another branch comes to the one chosen last
    await stack.check(states={"finished"})
    for tab in tabs:
        refused = {error["code"] for error in tab.history.errors}
        assert refused <= {"still_open"}


def do_something(tab, rng, number):
    messages = tab.page.messages.values()
    questions = [m.pk for m in messages if not m.is_reply]
    ended = [m.pk for m in messages if m.is_reply and not m.is_open]
    what = rng.random()
    if what < 0.2 and questions:
        tab.edit(rng.choice(questions), f"Edited {number}")
    elif what < 0.4 and ended:
        tab.regenerate(rng.choice(ended))
    else:
        tab.say(f"Message {number}")


async def two_tabs(stack):
    """Return two tabs of a conversation, in different processes if there are two."""
    one = await stack.tab()
    await one.ask("Begin")
    return one, await stack.another_tab(one, at=stack.other)


async def test_two_tabs_that_send_at_once_both_show_both(stack):
    one, two = await two_tabs(stack)
    for number in range(count(5, 50)):
        started = time.monotonic()
        sent = [one.say(f"One {number}"), two.say(f"Two {number}")]
        messages = [await one.acknowledged(sent[0]), await two.acknowledged(sent[1])]
        for tab in (one, two):
            await tab.until(
                lambda tab=tab, both=messages: all(
                    pk in tab.page.messages for pk in both
                ),
                "both messages",
            )
        stack.note("P7 both tabs show both", "s", time.monotonic() - started)
        await stack.rest()
    await stack.check(states={"finished"})
    stored = await stack.stored(one)
    assert stored["branch"] == list(stored["messages"])  # one line, nothing beside it


async def test_one_tab_regenerates_while_the_other_sends(stack):
    one, two = await two_tabs(stack)
    for number in range(count(5, 50)):
        reply = one.page.parent
        asked = one.history.asked_again.copy()
        one.regenerate(reply)
        sent = two.say(f"Meanwhile {number}")
        await two.acknowledged(sent)
        await stack.rest()
        for tab in (one, two):
            tab.sync()
        await stack.check(states={"finished"})
        stored = (await stack.stored(one))["messages"]
        question = stored[reply]["parent"]
        answers = [pk for pk, m in stored.items() if m["parent"] == question]
        assert len(answers) == 2 + asked[question]
