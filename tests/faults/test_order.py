"""P6 and P7: many messages, several tabs, and every reply belongs to its question."""

import asyncio
import time

from .stack import count


async def test_messages_edits_and_regenerations_do_not_mix(stack, provider):
    provider.words, provider.pause_seconds = 30, 0.015  # about ten frames each
    first = await stack.tab()
    await first.ask("Begin")
    others = [await stack.another_tab(first, at=stack.other) for _ in range(2)]
    tabs = [first, *others]
    for number in range(count(15, 250)):
        do_something(stack.rng.choice(tabs), stack.rng, number)
        # Now and then a tab hears what the others did before it goes on.
        if stack.rng.random() < 0.3:
            await asyncio.sleep(stack.rng.uniform(0, 0.05))
    await stack.rest()
    for tab in tabs:
        tab.sync()  # each keeps its branch, and has it to its end
    await stack.check(states={"finished"})
    for tab in tabs:
        refused = {error["code"] for error in tab.history.errors}
        assert refused <= {"still_open"}
    check_prompts(provider, await stack.stored(first))


def check_prompts(provider, stored):
    """Each question was asked with what stands before it on its own branch.

    The oldest of that may be left out, as all of it may be too much for a model.
    """
    branches = {}
    for pk, message in stored["messages"].items():  # parents before their children
        before = branches.get(message["parent"], [])
        branches[pk] = [*before, message["text"]]
    questions = {branch[-1]: branch for branch in branches.values()}
    for request in provider.requests:
        told = [m["content"] for m in request.body["messages"] if m["role"] != "system"]
        branch = questions[told[-1]]
        assert told == branch[-len(told) :]
        assert len(told) == len(branch) or len(told) > 20


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


async def test_two_tabs_that_send_at_once_both_show_both(stack, provider):
    one, two = await two_tabs(stack)
    for number in range(count(3, 50)):
        # Nothing else tells of them: no reply begins before both are shown.
        holds = [provider.hold_after(f"{name} {number}", 0) for name in ("One", "Two")]
        started = time.monotonic()
        sent = [one.say(f"One {number}"), two.say(f"Two {number}")]
        messages = [await one.acknowledged(sent[0]), await two.acknowledged(sent[1])]
        for tab in (one, two):
            await tab.until(
                lambda tab=tab, both=messages: tab.page.messages.keys() >= {*both},
                "both messages",
            )
        stack.note("P7 both tabs show both", "s", time.monotonic() - started)
        for hold in holds:
            hold.release()
        await stack.rest()
    assert [tab.history.closes for tab in (one, two)] == [[], []]
    await stack.check(states={"finished"})
    stored = await stack.stored(one)
    assert stored["branch"] == list(stored["messages"])  # one line, nothing beside it


async def test_one_tab_regenerates_while_the_other_sends(stack, provider):
    one, two = await two_tabs(stack)
    for number in range(count(3, 50)):
        reply = one.page.messages[one.page.parent]
        question = one.page.messages[reply.parent]
        versions = 2 + one.history.asked_again[question.pk]
        # Nothing else tells of them: no reply begins before both tabs know of both.
        texts = (question.words, f"Meanwhile {number}")
        holds = [provider.hold_after(text, 0) for text in texts]
        one.regenerate(reply.pk)
        sent = await two.acknowledged(two.say(f"Meanwhile {number}"))
        for tab in (one, two):
            await tab.until(lambda tab=tab: sent in tab.page.heard_of, "the message")  # noqa: B023
            await tab.until(
                lambda tab=tab: is_new_or_counted(tab, reply, versions),  # noqa: B023
                "another version of the reply",
            )
        for hold in holds:
            hold.release()
        await stack.rest()
        for tab in (one, two):
            await tab.until(lambda tab=tab: counts(tab, reply, versions), "a counter")  # noqa: B023
            tab.sync()
        await stack.check(states={"finished"})
        stored = (await stack.stored(one))["messages"]
        answers = [pk for pk, m in stored.items() if m["parent"] == question.pk]
        assert len(answers) == versions


def version_of(tab, reply):
    """Return the one of all replies to the same question that the tab shows."""
    shown = tab.page.messages.values()
    return next((m for m in shown if m.parent == reply.parent), None)


def counts(tab, reply, versions):
    """Whether the tab says beside the version it shows how many there are."""
    shown = version_of(tab, reply)
    return shown and shown.counter.endswith(f"/{versions}")


def is_new_or_counted(tab, reply, versions):
    """Whether the tab shows another version of the reply, or says that there is one."""
    shown = version_of(tab, reply)
    return shown and (shown.pk != reply.pk or counts(tab, reply, versions))
