"""What was written and is not with the server yet."""

import pytest
from playwright.sync_api import expect

from .database import Database
from .people import Person


@pytest.fixture
def erin(make_site, browsers, browser):
    """Somebody on a site where one reply at a time is written for each."""
    site = make_site(CHAT_MAX_OPEN_REPLIES="1")
    database = Database(site.environment)
    browsers.append(Person(browser, site.url, database, database.add_user("erin")))
    yield browsers[-1]
    database.close()


def refuse_one(chat, provider):
    hold = provider.hold()
    provider.reply_pieces(["Busy", hold])
    chat.send("Keep busy")
    expect(chat.body()).to_have_text("Busy")
    chat.send("One too many")
    unsent = chat.page.locator("[data-client-id]")
    expect(unsent.get_by_role("alert")).to_contain_text("Too many replies")
    return hold, unsent


def test_a_refused_message_is_not_sent_again_by_a_reload(erin, provider):
    chat = erin.open(erin.talk())
    hold, unsent = refuse_one(chat, provider)
    sent = []
    chat.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda f: sent.append(f))
    )
    chat.reload()
    expect(unsent.get_by_role("alert")).to_contain_text("Too many replies")
    expect(chat.body()).to_have_text("Busy")
    assert not [frame for frame in sent if "message.send" in frame]
    hold.release()
    expect(unsent).to_have_count(0)
    chat.expect_ended()
    expect(chat.body(chat.question)).to_have_text("One too many")
    expect(chat.replies).to_have_count(3)


def test_being_offline_is_told_at_once(alice):
    chat = alice.open(alice.talk())
    chat.ask("Hello")
    chat.page.clock.install()
    chat.page.clock.pause_at("2030-01-01")
    alice.context.set_offline(True)
    expect(chat.notice).to_contain_text("You are offline")
    alice.context.set_offline(False)
    expect(chat.notice).to_be_empty()
    chat.page.clock.resume()
    chat.ask("Are we back?")
