"""What was written and is not with the server yet."""

import pytest
from playwright.sync_api import expect

from tests.database import Database

from .people import Person


@pytest.fixture
def erin(make_site, browsers, browser):
    """Somebody on a site where one reply at a time is written for each."""
    site = make_site(CHAT_MAX_OPEN_REPLIES="1")
    database = Database(site.environment, rows="tests.browser.rows")
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


def unsent_of(chat):
    return chat.page.locator("[data-client-id]")


@pytest.fixture
def away(sign_in, proxy):
    """Somebody who reaches the site through a network that can break."""
    return sign_in("away", address=proxy.url)


def go_offline(person, proxy):
    person.context.set_offline(True)
    proxy.go_down()


def close(person, chat):
    """Close the tab as a person does; the browser stays, with an empty one."""
    person.context.new_page()
    with chat.page.expect_event("close"):
        chat.page.close(run_before_unload=True)


def come_back(person, proxy):
    proxy.restore()
    person.context.set_offline(False)


def test_messages_that_wait_survive_a_reload_and_go_out_once_in_order(
    away, proxy, provider, database
):
    written = ["First of all", "Then this", "And at last"]
    chat = away.open(away.talk())
    go_offline(away, proxy)
    for text in written:
        chat.send(text)
    expect(unsent_of(chat)).to_contain_text(written)
    # Pages come through again, and nothing else: the reload is before the sending.
    proxy.restore()
    proxy.passes_sockets = False
    away.context.route("**/frames/", lambda route: route.abort())
    away.context.set_offline(False)
    chat.reload()
    expect(unsent_of(chat)).to_contain_text(written)
    assert len(database.texts(chat.conversation)) == 2
    away.context.unroute_all()
    proxy.restore()
    expect(unsent_of(chat)).to_have_count(0)
    expect(chat.replies).to_have_count(4)
    chat.expect_ended()
    asked = [text for role, text in database.texts(chat.conversation) if role == "user"]
    assert asked[1:] == written
    shown = chat.questions.locator('[data-part="body"]').all_inner_texts()
    assert shown[1:] == written
    assert len(provider.requests) == 3


@pytest.fixture
def full_disk(database):
    database.stop_saving()
    freed = []

    def free():
        if not freed:
            database.save_again()
            freed.append(True)

    yield free
    free()


@pytest.fixture
def talking(alice):
    """A conversation that is open already."""
    chat = alice.open(alice.talk())
    chat.ask("Can you hear me?")
    return chat


@pytest.mark.parametrize("way", ["Send again", "Edit"])
def test_a_message_that_is_not_saved_stays_with_its_text(
    talking, full_disk, database, way
):
    chat = talking
    chat.send("Keep this, please")
    alert = unsent_of(chat).get_by_role("alert")
    expect(alert).to_contain_text("could not be saved. Your text is still here.")
    expect(unsent_of(chat)).to_contain_text("Keep this, please")
    full_disk()
    chat.button(way, unsent_of(chat)).click()
    if way == "Edit":
        expect(chat.box).to_have_value("Keep this, please")
        expect(unsent_of(chat)).to_have_count(0)
        chat.box.press("Enter")
    expect(chat.replies).to_have_count(3)
    chat.expect_ended()
    expect(unsent_of(chat)).to_have_count(0)
    asked = [text for _, text in database.texts(chat.conversation)]
    assert asked.count("Keep this, please") == 1


def test_a_message_that_is_not_saved_survives_a_reload(talking, full_disk):
    chat = talking
    chat.send("Keep this, please")
    alert = unsent_of(chat).get_by_role("alert")
    expect(alert).to_contain_text("could not be saved")
    full_disk()
    chat.reload()
    expect(unsent_of(chat)).to_contain_text("Keep this, please")
    expect(alert).to_contain_text("could not be saved")


def test_the_first_message_of_a_tab_that_was_closed_is_offered_again(
    away, proxy, provider, database
):
    chat = away.begin()
    go_offline(away, proxy)
    chat.send("The very first")
    expect(unsent_of(chat)).to_contain_text("The very first")
    close(away, chat)
    come_back(away, proxy)
    chat = away.begin()
    expect(unsent_of(chat)).to_contain_text("The very first")
    expect(unsent_of(chat).get_by_role("alert")).to_be_visible()
    assert database.conversations_of(away.username) == []  # only when one says so
    other = away.begin()
    expect(other.page.get_by_role("radio").first).to_be_visible()
    expect(unsent_of(other)).to_have_count(0)  # it is offered in one tab
    chat.button("Send again", unsent_of(chat)).click()
    expect(unsent_of(chat)).to_have_count(0)
    chat.expect_ended()
    assert len(database.texts(chat.conversation)) == 2
    expect(unsent_of(away.begin())).to_have_count(0)


def test_what_is_offered_again_may_be_edited_in_place(away, proxy):
    chat = away.begin()
    go_offline(away, proxy)
    chat.send("The very first")
    expect(unsent_of(chat)).to_contain_text("The very first")
    close(away, chat)
    come_back(away, proxy)
    chat = away.begin()
    chat.button("Edit", unsent_of(chat)).click()
    expect(chat.box).to_have_value("The very first")
    expect(chat.page.get_by_role("radio").first).to_be_visible()
    expect(unsent_of(away.begin())).to_have_count(0)


def test_a_first_message_that_was_saved_is_not_offered_twice(
    away, proxy, provider, database
):
    chat = away.begin()
    chat.await_connection()
    proxy.mute = True
    chat.send("Did you get this?")
    provider.wait_requests()
    expect(unsent_of(chat)).to_be_visible()
    close(away, chat)
    proxy.restore()
    proxy.cut()
    chat = away.begin()
    expect(chat.replies).to_have_count(1)
    expect(unsent_of(chat)).to_have_count(0)
    chat.expect_ended()
    assert len(database.texts(chat.conversation)) == 2
    assert len(provider.requests) == 1
