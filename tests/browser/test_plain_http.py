"""Where no WebSocket passes, plain HTTP carries everything, and staff are told."""

import pytest
from playwright.sync_api import expect

from tests.database import Database
from tests.fakes import HANG
from tests.proxy import Proxy

from .people import Person

TOLD = "WebSockets do not reach this site"


@pytest.fixture
def far(sign_in, proxy):
    """Somebody behind a network that knows HTTP only."""
    proxy.passes_sockets = False
    return sign_in("far", address=proxy.url)


def open_plainly(person, conversation):
    chat = person.open(conversation)
    expect(chat.notice).to_contain_text("no live connection")
    return chat


def test_a_message_goes_out_and_its_reply_comes_in_as_it_grows(far, provider):
    hold = provider.hold()
    provider.reply_pieces(["Slowly, ", hold, "but surely."])
    chat = open_plainly(far, far.talk())
    chat.send("Can you hear me?")
    expect(chat.body()).to_have_text("Slowly,")
    hold.release()
    chat.expect_ended()
    expect(chat.body()).to_have_text("Slowly, but surely.")
    expect(chat.questions).to_have_count(2)
    shown = chat.markup()
    chat.reload()
    assert chat.markup() == shown


def test_a_chat_begins_and_gets_its_address_and_its_title(far, database):
    chat = far.begin()
    expect(chat.notice).to_contain_text("no live connection")
    chat.ask("How deep is the sea?")
    expect(chat.title).to_have_text("How deep is the sea?")
    expect(chat.item(chat.conversation)).to_contain_text("How deep is the sea?")
    assert len(database.texts(chat.conversation)) == 2


def test_stop_stops(far, provider):
    provider.reply_pieces(["For ever", HANG])
    chat = open_plainly(far, far.talk())
    chat.send("Talk for ever")
    expect(chat.body()).to_have_text("For ever")
    chat.stop_button.click()
    chat.expect_ended("stopped")
    provider.requests[-1].wait_left()


def test_a_reply_is_written_once_more_and_its_versions_are_leafed_through(
    far, provider
):
    provider.reply("Tails.")
    chat = open_plainly(far, far.talk(("Toss a coin", "Heads.")))
    chat.button("Regenerate this reply").click()
    expect(chat.body()).to_have_text("Tails.")
    chat.expect_ended()
    expect(chat.reply).to_contain_text("2/2")
    chat.button("Show the version before").click()
    expect(chat.body()).to_have_text("Heads.")
    expect(chat.reply).to_contain_text("1/2")


def test_a_reply_that_was_stopped_goes_on(far, provider):
    provider.reply_pieces(["One,", HANG])
    provider.reply(" two.")
    chat = open_plainly(far, far.talk())
    chat.send("Count")
    expect(chat.body()).to_have_text("One,")
    chat.stop_button.click()
    chat.expect_ended("stopped")
    chat.button("Continue").click()
    chat.expect_ended()
    expect(chat.body()).to_have_text("One, two.")


def test_the_list_and_what_the_site_tells_keep_up(far, database):
    old = far.talk(title="The old one")
    new = far.talk(title="The new one")
    watching = far.context.new_page()
    watching.clock.install()
    watching.goto(f"/c/{new}/")
    items = watching.locator("conversation-list").get_by_role("listitem")
    expect(items.first).to_contain_text("The new one")
    expect(watching.locator("#thread-notice")).to_contain_text("no live connection")
    chat = open_plainly(far, old)
    chat.ask("Are you still there?")
    expect(chat.list.get_by_role("listitem").first).to_contain_text("The old one")
    database.add_notice(far.username, "The café is closed.")
    watching.clock.fast_forward(31_000)
    expect(items.first).to_contain_text("The old one")
    expect(items).to_have_count(2)
    expect(watching.locator("site-notices")).to_have_text("The café is closed.")


@pytest.fixture
def bad_proxy():
    with Proxy(port=0) as proxy:
        proxy.passes_sockets = False
        yield proxy


@pytest.fixture
def new_site(make_site, bad_proxy):
    """A site to which no socket has ever come."""
    site = make_site(SITE_URL=bad_proxy.url)
    bad_proxy.site_port = site.port
    return site


@pytest.fixture
def administrator(new_site, bad_proxy, browsers, browser):
    database = Database(new_site.environment, rows="tests.browser.rows")
    name = database.add_user("root", is_staff=True)
    browsers.append(Person(browser, bad_proxy.url, database, name))
    yield browsers[-1]
    database.close()


def test_staff_are_told_once_and_until_sockets_pass(administrator, new_site, bad_proxy):
    chat = administrator.open(administrator.talk())
    expect(chat.notice).to_contain_text(TOLD)
    expect(chat.notice).to_contain_text("proxy_set_header Upgrade $http_upgrade;")
    new_site.wait_logged(TOLD)
    chat = administrator.begin()
    banner = chat.page.locator("#sockets-missed")
    expect(banner).to_contain_text(TOLD)
    expect(banner).to_contain_text("proxy_http_version 1.1;")
    expect(chat.page.get_by_text(TOLD)).to_have_count(1)
    chat.ask("Does it work?")
    bad_proxy.passes_sockets = True
    with chat.page.expect_event("websocket"):
        chat.page.evaluate("dispatchEvent(new Event('online'))")
    expect(banner).to_have_count(0)
    new_site.wait_logged("WebSockets reach this site again")
    expect(administrator.begin().page.locator("#sockets-missed")).to_have_count(0)
    assert "".join(new_site.log).count(TOLD) == 1


def test_others_are_not_told_what_to_do(far):
    chat = open_plainly(far, far.talk())
    expect(far.begin().page.get_by_text("WebSockets")).to_have_count(0)
    expect(chat.page.get_by_text("nginx")).to_have_count(0)
