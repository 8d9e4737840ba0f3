"""Promise 5 of security: whose session has ended listens no more, on any process."""

import asyncio
import time

import pytest

from .forms import Visitor

SIGNED_OUT = 4401


async def sign_out(stack, session):
    """At one process, whose event reaches the others."""
    await asyncio.to_thread(Visitor(stack.site, session).post, "/accounts/logout/", [])


async def end_silently(stack, session):
    """In the database, as a command does, and no process is told."""
    await stack.ask("end_session", session)


@pytest.mark.parametrize("end", [sign_out, end_silently])
async def test_sockets_that_only_listen_are_closed(stack, end):
    session = await stack.sign_in()
    tabs = [await stack.tab(session, at=site) for site in stack.sites]
    another = await stack.tab()
    started = time.monotonic()
    await end(stack, session)
    for tab in tabs:
        await tab.until(lambda tab=tab: SIGNED_OUT in tab.history.closes, "the end")
    seconds = time.monotonic() - started
    stack.note(f"5 an idle socket closes ({end.__name__})", "s", seconds)
    assert another.is_connected
