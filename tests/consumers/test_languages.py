"""A socket speaks the language of the page that opened it."""

import uuid

import pytest
from channels.db import database_sync_to_async

from conversations.actions.sessions import end_all_sessions
from conversations.actions.users import save_settings
from tests.consumers.base import Tab, sign_in

NO_SUCH_FRAME = "그런 프레임은 없습니다."
WRITE_FIRST = "먼저 메시지를 입력하세요."


@pytest.fixture
async def open_tab(people):
    """Open a page of alice's whose browser asks for a language."""
    tabs = []

    async def open_tab(path, accept="", cookie=""):
        session = await database_sync_to_async(sign_in)(people.alice)
        tab = Tab(session, path)
        headers = tab._socket.scope["headers"]
        headers[1] = (b"cookie", headers[1][1] + f"; django_language={cookie}".encode())
        headers.append((b"accept-language", accept.encode()))
        tabs.append(tab)
        return await tab.open()

    yield open_tab
    for tab in tabs:
        await tab.close()


def new_page():
    return f"/ws/conversations/{uuid.uuid4()}/"


@pytest.mark.parametrize(
    ("language", "accept", "cookie"),
    [("ko", "id", ""), ("", "ko-KR,ko;q=0.9", ""), ("", "id", "ko")],
    ids=["chosen", "the browser's", "the cookie's"],
)
async def test_what_is_wrong_is_said_in_it(people, open_tab, language, accept, cookie):
    save = database_sync_to_async(save_settings)
    await save(people.alice, {"language": language})
    tab = await open_tab(new_page(), accept, cookie)
    await tab.send("nonsense")
    assert (await tab.next())["detail"] == NO_SUCH_FRAME
    await tab.say("  ")  # this one the database knows
    assert (await tab.next())["detail"] == WRITE_FIRST


async def test_two_tabs_do_not_change_each_others_language(open_tab):
    korean, english = await open_tab(new_page(), "ko"), await open_tab(new_page(), "en")
    for _ in range(3):
        await korean.send("nonsense")
        await english.send("nonsense")
        assert (await english.next())["detail"] == "There is no such frame."
        assert (await korean.next())["detail"] == NO_SUCH_FRAME


async def test_a_session_that_is_ended_closes_its_list(people, open_tab):
    tab = await open_tab("/ws/me/")
    await tab.send("nonsense")
    await tab.next()  # it has opened, and listens
    await database_sync_to_async(end_all_sessions)(people.alice)
    assert await tab.until_closed() == 4401
