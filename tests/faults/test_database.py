"""P19: the database is locked, or away."""

import asyncio
import contextlib
import sqlite3
import uuid

import psycopg
import pytest
from django.db import OperationalError

from tests.patience import PATIENCE_SECONDS

from .stack import count

LOCKED_SECONDS = count(2, 10)
NOT_SAVED = "not_saved"
TABLES = "conversations_message, conversations_generation, conversations_conversation"


@contextlib.contextmanager
def locked(stack):
    """Nobody else can write, and on PostgreSQL not even read, within the block."""
    if stack.postgres is None:
        path = stack.servers.data_dir / "chatsite.sqlite3"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as held:
            held.execute("BEGIN EXCLUSIVE")
            yield
            held.execute("ROLLBACK")
    else:
        with psycopg.connect(stack.postgres.url("faults")) as held:
            held.execute(f"LOCK TABLE {TABLES} IN ACCESS EXCLUSIVE MODE")
            yield


@contextlib.contextmanager
def away(stack):
    """PostgreSQL is not there within the block."""
    stack.postgres.stop()
    try:
        yield
    finally:
        stack.postgres.start()


async def until_sent(tab):
    """Do as the page does: what was not saved, and was told so, is sent again."""
    [sent] = tab.history.sent.values()
    told = 0
    while sent.is_unsent:
        await tab.until(
            lambda: len(sent.errors) > told or not sent.is_unsent,  # noqa: B023
            "an answer",
        )
        told = len(sent.errors)
        await asyncio.sleep(0.3)
        tab.resend()


async def connect_again(stack):
    """Have our own look into the database drop the connections that are dead."""
    for _ in range(4):
        with contextlib.suppress(OperationalError):
            await stack.ask("copies_of", uuid.uuid4())


async def suffer(stack, trouble, seconds):
    """Have one reply run, one end and others be asked for meanwhile."""
    session = await stack.sign_in()
    running, ending, *tabs = [await stack.tab(session) for _ in range(6)]
    stack.provider.words = 100 * (seconds + 2)
    stack.provider.pause_seconds = 0.01
    reply = await running.reply_to(running.say("A long one, please"))
    await running.shows(reply.pk, "word1")
    short = "Nearly told"
    hold = stack.provider.reply(stack.provider.story(short), chunk=500, hold_at=0.5)
    over = await ending.reply_to(ending.say(short))
    await ending.shows(over.pk, "word1")
    with trouble(stack):
        for number, tab in enumerate(tabs):
            tab.say(f"Number {number}, meanwhile")
        hold.release()
        await ending.shows(over.pk, f"word{stack.provider.words}")
        seen = len(running.history.sights[reply.pk])
        await asyncio.sleep(seconds)
        assert len(running.history.sights[reply.pk]) > seen  # it goes on
    stack.provider.pause_seconds = 0  # the rest of the story
    await connect_again(stack)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*map(until_sent, tabs))
    await stack.rest()
    assert running.page.messages[reply.pk].state == "finished"
    assert ending.page.messages[over.pk].state == "finished"
    codes = {
        code for tab in tabs for s in tab.history.sent.values() for code in s.errors
    }
    assert codes <= {NOT_SAVED}
    details = [e["detail"] for tab in tabs for e in tab.history.errors]
    assert all("Your text is still here" in detail for detail in details)
    await stack.check()


async def test_a_locked_database_loses_nothing(stack):
    await suffer(stack, locked, LOCKED_SECONDS)


@pytest.mark.parametrize("servers", ["two"], indirect=True, scope="package")
async def test_a_database_that_is_away_loses_nothing(stack):
    await suffer(stack, away, LOCKED_SECONDS)
