"""What is due goes by itself while a process serves."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from conversations import clearing, leases
from conversations.generation import process
from conversations.models import Conversation, User
from conversations.rendering import render
from conversations.rendering.code import highlight
from conversations.rendering.formulas import to_mathml
from conversations.search import parse
from conversations.search.excerpts import excerpt, pattern_of
from tests.base import make_conversation, make_persona


@pytest.fixture
def due(transactional_db):
    """Three temporary chats whose time is over, and nobody who clears."""
    cache.clear()
    owner, persona = User.objects.create_user("alice"), make_persona()
    for _ in range(3):
        make_conversation(owner, persona, expires_at=timezone.now())


@pytest.fixture
async def batches(monkeypatch):
    """How many each round has deleted, as it is known."""
    told = asyncio.Queue()
    delete = clearing.delete_due
    loop = asyncio.get_running_loop()

    def delete_and_tell():
        count = delete()
        loop.call_soon_threadsafe(told.put_nowait, count)
        return count

    monkeypatch.setattr(clearing, "delete_due", delete_and_tell)
    monkeypatch.setattr(clearing, "PAUSE_SECONDS", 0)
    return told


def test_a_process_that_serves_clears():
    assert clearing.clear_by_the_clock in process.chores


async def test_batch_after_batch_until_nothing_is_due(due, batches, monkeypatch):
    """Each process forgets as well what it has in mind of texts that went."""
    monkeypatch.setattr("conversations.actions.bin.CONVERSATIONS_AT_ONCE", 2)
    monkeypatch.setattr(clearing, "FORGET_SECONDS", -1)
    render("```python\nmine\n```\n\n$mine$")
    excerpt("Of mine", parse("mine").phrases)
    in_mind = (highlight, to_mathml, pattern_of)
    assert all(kept.cache_info().currsize for kept in in_mind)
    clock = asyncio.create_task(clearing.clear_by_the_clock())
    found = [await asyncio.wait_for(batches.get(), 10) for _ in range(3)]
    clock.cancel()
    with suppress(asyncio.CancelledError):
        await clock
    assert found == [2, 1, 0]
    assert not any(kept.cache_info().currsize for kept in in_mind)
    assert await sync_to_async(Conversation.objects.count)() == 0


def test_what_nobody_confirmed_in_time_goes_too(due):
    long_ago = timezone.now() - timedelta(days=4)
    User.objects.create_user("dora", awaits_confirmation=True, date_joined=long_ago)
    clearing._delete_if_it_is_our_turn()
    assert list(User.objects.values_list("username", flat=True)) == ["alice"]


def test_sessions_that_are_over_go_with_what_was_noted_of_them(due):
    alice, ends = User.objects.get(), {"now": 0, "later": 60}
    for key, seconds in ends.items():
        end = timezone.now() + timedelta(seconds=seconds)
        Session.objects.create(session_key=key, expire_date=end)
        UserSession.objects.create(session_key=key, user=alice, ip="127.0.0.1")
    clearing._delete_if_it_is_our_turn()
    for kept in (Session.objects, UserSession.objects):
        assert list(kept.values_list("session_key", flat=True)) == ["later"]


def test_one_process_clears_at_a_time(due, monkeypatch):
    assert leases.holds("clearing", "another process", 60)
    assert clearing._delete_if_it_is_our_turn() == 0
    assert Conversation.objects.count() == 3


def test_what_was_erased_leaves_the_file_of_the_index_within_a_day(db, monkeypatch):
    cache.clear()
    begun = []
    more = iter([True, True, False])
    monkeypatch.setattr(
        clearing.index, "purge", lambda *, begins: begun.append(begins) or next(more)
    )
    assert [clearing._purge_index_by_the_day() for _ in range(5)] == [1, 1, 0, 0, 0]
    assert begun == [True, False, False]
