"""P1 and P5: what was shown as sent is there, once."""

import asyncio
import uuid

from .stack import count

TABS = 5


async def test_what_was_acknowledged_outlives_a_kill_of_the_server(stack):
    tabs = [await stack.tab(at=stack.rng.choice(stack.sites)) for _ in range(TABS)]
    proven = rounds = 0
    while proven < count(3, 100):
        rounds += 1
        proven += await send_and_kill(stack, tabs, f"Message {rounds}")
        assert await lost(stack, tabs) == []
        await stack.start()
        await asyncio.gather(*(tab.acknowledged() for tab in tabs))
    stack.note("P1 acknowledged before the kill", "messages", proven)
    await stack.check(states={"finished", "interrupted"})


async def send_and_kill(stack, tabs, text):
    """Kill up to 300 ms after the first acknowledgement; others are on their way.

    Return how many were acknowledged by what was killed.
    """
    rng, loop = stack.rng, asyncio.get_running_loop()
    for tab in tabs[1:]:
        loop.call_later(rng.uniform(0, 0.3), tab.say, text)
    first = tabs[0].say(text)
    await tabs[0].acknowledged(first)
    await asyncio.sleep(rng.uniform(0, 0.3))
    killed = rng.sample(stack.sites, rng.randint(1, len(stack.sites)))
    addresses = [site.url for site in killed]
    sent = [s for tab in tabs if tab.addresses[0] in addresses for s in last_of(tab)]
    await stack.kill(*killed)
    await asyncio.sleep(0.3)  # whoever speaks later, speaks to a server that is gone
    return sum(s.text == text and not s.is_unsent for s in sent)


async def lost(stack, tabs):
    """Return the messages that were acknowledged and are not in the database."""
    found = []
    for tab in tabs:
        stored = await stack.stored(tab) or {"messages": ()}
        acknowledged = (s for s in tab.history.sent.values() if not s.is_unsent)
        found += [s.text for s in acknowledged if s.message not in stored["messages"]]
    return found


def last_of(tab):
    return list(tab.history.sent.values())[-1:]


async def test_the_same_message_five_times_at_once_is_sent_once(stack, provider):
    for number in range(count(3, 30)):
        session, conversation = await stack.sign_in(), uuid.uuid4()
        tabs = [
            await stack.tab(session, conversation, at=stack.sites[n % len(stack.sites)])
            for n in range(TABS)
        ]
        for text in (f"First {number}", f"Second {number}"):
            await send_at_once(stack, provider, tabs, text)
        await stack.check(*tabs, states={"finished"})
        for tab in tabs:
            await tab.close()


async def send_at_once(stack, provider, tabs, text):
    client_id = str(uuid.uuid4())
    sent = [tab.say(text, client_id=client_id) for tab in tabs]
    pairs = list(zip(tabs, sent, strict=True))
    messages = await asyncio.gather(*(tab.acknowledged(one) for tab, one in pairs))
    assert len(set(messages)) == 1
    assert await stack.ask("copies_of", client_id) == messages[:1]
    replies = await asyncio.gather(*(tab.reply_to(one) for tab, one in pairs))
    assert len({reply.pk for reply in replies}) == 1
    await asyncio.gather(*(tab.ended(replies[0].pk) for tab in tabs))
    assert len(provider.requests_for(text)) == 1
