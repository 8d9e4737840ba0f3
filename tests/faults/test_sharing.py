"""Promise 12 of security: a link that was taken back leads nowhere, on any process."""

import asyncio
import time

from .forms import Visitor
from .stack import count

NOBODY = "nobody"


async def test_a_link_taken_back_leads_nowhere(stack):
    tab = await stack.tab()
    await tab.ask("Hello")
    for number in range(count(2, 20)):
        share, path = await stack.ask("share", str(tab.conversation))
        assert await seen(stack, path) == {200}
        # At one process, and looked for at all of them.
        owner = Visitor(stack.site, tab.session)
        revoked = await asyncio.to_thread(owner.post, f"/shares/{share}/revoke/", [])
        assert revoked[0] == 302, revoked
        revoked_at = time.monotonic()
        assert await seen(stack, path) == {404}, number
        stack.note("12 a link taken back is gone", "s", time.monotonic() - revoked_at)


async def seen(stack, path):
    """Return how every process answers who opens `path` without an account."""
    visitors = [Visitor(site, NOBODY) for site in stack.sites]
    asked = (asyncio.to_thread(visitor.ask, "GET", path) for visitor in visitors)
    return {status for status, _, _ in await asyncio.gather(*asked)}
