"""Whose session has ended listens no longer: their open sockets are closed."""

import asyncio
import uuid

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations.consumers import presence
from conversations.consumers.base import SiteConsumer
from conversations.consumers.closing import SIGN_IN
from conversations.models import LanguageModel, User
from tests.base import PASSWORD
from tests.patience import PATIENCE_SECONDS

done = database_sync_to_async
NEVER_SECONDS = 3600
OTHER_PASSWORD = "another horse battery"


@pytest.fixture
def nobody_looks(monkeypatch):
    """Sockets learn of it by an event, or not at all."""
    monkeypatch.setattr(presence, "LOOK_SECONDS", NEVER_SECONDS)


@pytest.fixture
def looked_after(monkeypatch):
    monkeypatch.setattr(presence, "LOOK_SECONDS", 0.05)


@pytest.fixture
async def operator(people):
    """A browser in which an administrator is signed in."""
    return await done(_operator)()


def _operator():
    operator = User.objects.create_superuser("operator", password=PASSWORD)
    browser = Client()
    browser.force_login(operator)
    return browser


async def listening(people, user):
    """Open each kind of page that `user` may have open; none of them says a word."""
    conversation = await people.conversation(user, ("Hi", "Hello."))
    tabs = [
        await people.tab(user, conversation.pk),
        (await people.new_chat(user))[1],
        await people.list_tab(user),
    ]
    for tab in tabs:
        await tab.let_in()
    return tabs


async def expect_closed(tabs):
    assert [await tab.until_closed() for tab in tabs] == [SIGN_IN] * len(tabs)


def saved_form(operator, user, **changes):
    """Save the administrator's page of `user` with `changes`; False unticks."""
    url = reverse("admin:conversations_user_change", args=[user.pk])
    form = operator.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data |= changes
    data = {name: value for name, value in data.items() if value not in (None, False)}
    response = operator.post(url, data)
    assert response.status_code == 302, response.context["adminform"].form.errors


async def test_who_signs_out_in_one_tab_is_gone_from_all(people, nobody_looks):
    browser = Client()
    await done(browser.force_login)(people.alice)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    tabs = [
        await people.tab_of_session(key, f"/ws/conversations/{uuid.uuid4()}/"),
        await people.tab_of_session(key, "/ws/me/"),
    ]
    elsewhere = await people.list_tab(people.alice)
    for tab in (*tabs, elsewhere):
        await tab.let_in()
    await done(browser.post)(reverse("account_logout"))
    await expect_closed(tabs)
    assert await elsewhere.hears_nothing()


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"is_staff": False},
        {"is_superuser": False},
    ],
    ids=str,
)
async def test_who_is_shut_out_or_demoted(people, operator, nobody_looks, change):
    rights = User.objects.filter(pk=people.alice.pk)
    await done(rights.update)(is_staff=True, is_superuser=True)
    tabs = await listening(people, people.alice)
    await done(saved_form)(operator, people.alice, **change)
    await expect_closed(tabs)


async def test_whose_password_an_administrator_changes(people, operator, nobody_looks):
    tabs = await listening(people, people.alice)
    url = reverse("admin:auth_user_password_change", args=[people.alice.pk])
    new = {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    response = await done(operator.post)(url, new | {"usable_password": "true"})
    assert response.status_code == 302
    await expect_closed(tabs)


async def test_who_changes_their_password_stays_where_they_did(people, nobody_looks):
    browser = Client()
    await done(_with_password)(people.alice)
    await done(browser.force_login)(people.alice)
    tabs = await listening(people, people.alice)
    form = {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD}
    form["password2"] = OTHER_PASSWORD
    await done(browser.post)(reverse("account_change_password"), form)
    await expect_closed(tabs)
    assert (await done(browser.get)("/")).status_code == 200


def _with_password(user):
    user.set_password(PASSWORD)
    user.save()


async def test_what_a_lost_group_allowed_is_refused_at_once(
    people, operator, provider, nobody_looks
):
    model = await done(_make_editor)(people.alice)
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, conversation.pk)
    ask = {"message": conversation.head_id, "model": model.pk}
    await tab.send("reply.regenerate", **ask)
    await tab.until("reply.ended")
    await done(saved_form)(operator, people.alice, groups=[])
    await tab.send("reply.regenerate", **ask)
    assert (await tab.until("error"))["code"] == "no_model"


def _make_editor(user):
    group = Group.objects.create(name="Editors")
    group.permissions.set(Permission.objects.filter(codename="change_persona"))
    user.groups.set([group])
    return LanguageModel.objects.default()


async def test_a_session_that_ends_without_a_word(people, looked_after):
    """As when a command ends it, or the process that did could tell nobody."""
    tabs = await listening(people, people.alice)
    await done(Session.objects.all().delete)()
    await expect_closed(tabs)


async def test_who_is_slow_to_leave_keeps_nobody_else_in(
    people, looked_after, monkeypatch
):
    is_leaving, may_leave = asyncio.Event(), asyncio.Event()
    close = SiteConsumer.close

    async def slowly(socket, *reason):
        if socket.counted_for == people.alice.pk:
            is_leaving.set()
            await may_leave.wait()
        await close(socket, *reason)

    slow, quick = [await people.list_tab(who) for who in (people.alice, people.bob)]
    for tab in (slow, quick):
        await tab.let_in()
    monkeypatch.setattr(SiteConsumer, "close", slowly)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await done(_end_sessions)(people.alice)
        await is_leaving.wait()
        await done(_end_sessions)(people.bob)
        await expect_closed([quick])
        may_leave.set()
        await expect_closed([slow])


def _end_sessions(user):
    for session in Session.objects.all():
        if session.get_decoded()["_auth_user_id"] == str(user.pk):
            session.delete()


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"password": "other"}], ids=str
)
async def test_a_user_who_changes_without_a_word(people, looked_after, change):
    tabs = await listening(people, people.alice)
    bobs = await people.list_tab(people.bob)
    await done(User.objects.filter(pk=people.alice.pk).update)(**change)
    await expect_closed(tabs)
    assert await bobs.hears_nothing()


async def test_many_who_listen_cost_no_query_each(people):
    users = {name: (str(name), (name, "", False, False)) for name in range(500)}
    found, queries = await done(_counted)(presence.changed_among, users)
    assert len(found) == len(users)
    assert len(queries) == 2
    assert len(users) <= presence.BATCH


def _counted(function, *arguments):
    with CaptureQueriesContext(connection) as queries:
        found = function(*arguments)
        return found, list(queries)
