"""A network that breaks, and a server that is replaced."""

import pytest
from playwright.sync_api import expect

from tests.database import Database

from .people import Person

WORDS = ["One, ", "two, ", "three."]


@pytest.fixture
def away(sign_in, proxy):
    """Somebody who reaches the site through a network that can break."""
    return sign_in("away", address=proxy.url)


def held_reply(provider, words):
    """Have a reply wait after each word; return the holds."""
    holds = [provider.hold() for _ in words]
    pairs = zip(words, holds, strict=True)
    provider.reply_pieces([piece for pair in pairs for piece in pair])
    return holds


def is_conversation(socket):
    return "/ws/conversations/" in socket.url


def test_a_reply_goes_on_without_a_gap_though_the_connection_is_cut(
    away, proxy, provider, database
):
    holds = held_reply(provider, WORDS)
    chat = away.begin()
    chat.send("Count to three")
    for number, hold in enumerate(holds, start=1):
        expect(chat.body()).to_have_text("".join(WORDS[:number]).strip())
        with chat.page.expect_event("websocket", is_conversation):
            proxy.cut()
        hold.release()
    chat.expect_ended()
    expect(chat.body()).to_have_text("One, two, three.")
    texts = database.texts(chat.conversation)
    assert texts[-1] == ("assistant", "One, two, three.")


def test_what_was_written_during_a_cut_is_shown_after_it(away, proxy, provider):
    first, second = held_reply(provider, ["Before. ", "Meanwhile. "])
    chat = away.begin()
    chat.send("Go on without me")
    expect(chat.body()).to_have_text("Before.")
    proxy.go_down()
    first.release()
    second.wait_reached()
    second.release()
    proxy.restore()
    chat.expect_ended()
    expect(chat.body()).to_have_text("Before. Meanwhile.")


def test_the_page_says_that_one_is_offline(away, proxy):
    chat = away.open(away.talk())
    chat.page.clock.install()
    lose(away, proxy)
    chat.page.clock.fast_forward(6_000)
    expect(chat.notice).to_contain_text("You are offline")
    give_back(away, proxy)
    expect(chat.notice).to_be_empty()


def lose(person, proxy):
    """Take the network away."""
    person.context.set_offline(True)
    proxy.go_down()


def give_back(person, proxy, *, pages_only=False):
    """Bring the network back; with `pages_only`, neither sockets nor frames pass."""
    proxy.restore()
    proxy.passes_sockets = not pages_only
    if pages_only:
        person.context.route("**/frames/", lambda route: route.abort())
    else:
        person.context.unroute_all()
    person.context.set_offline(False)


def test_a_title_that_cannot_be_saved_keeps_nobody_from_writing_on(away, proxy):
    chat = away.open(away.talk(title="The first title"))
    chat.title.get_by_role("button").click()
    field = chat.page.get_by_role("textbox", name="Title")
    field.fill("A better one")
    proxy.go_down()
    told = chat.page.locator("#told")
    chat.box.click()
    expect(told).not_to_be_empty()
    expect(chat.box).to_be_focused()
    chat.page.keyboard.type("And I write on")
    expect(chat.box).to_have_value("And I write on")
    expect(field).to_have_value("A better one")


def test_a_message_written_offline_is_kept_and_sent_once(
    away, proxy, provider, database
):
    conversation = away.talk()
    chat = away.open(conversation)
    chat.page.clock.install()
    lose(away, proxy)
    chat.send("Written at sea")
    unsent = chat.page.locator("[data-client-id]")
    expect(unsent).to_contain_text("Written at sea")
    expect(chat.box).to_have_value("")
    expect(unsent.get_by_role("alert")).to_be_hidden()
    chat.page.clock.fast_forward(11_000)
    expect(unsent.get_by_role("alert")).to_contain_text("Not saved yet")
    give_back(away, proxy, pages_only=True)
    chat.reload()
    expect(unsent).to_contain_text("Written at sea")
    assert len(database.texts(conversation)) == 2
    give_back(away, proxy)
    expect(chat.replies).to_have_count(2)
    chat.expect_ended()
    expect(unsent).to_have_count(0)
    asked = [text for _, text in database.texts(conversation)]
    assert asked.count("Written at sea") == 1
    assert len(provider.requests) == 1


def test_the_first_message_of_a_chat_may_be_written_offline(away, proxy, database):
    chat = away.begin()
    lose(away, proxy)
    chat.send("The very first")
    unsent = chat.page.locator("[data-client-id]")
    expect(unsent).to_contain_text("The very first")
    give_back(away, proxy, pages_only=True)
    chat.reload()
    expect(unsent).to_contain_text("The very first")
    give_back(away, proxy)
    expect(unsent).to_have_count(0)
    chat.expect_ended()
    (found,) = database.conversations_of(away.username)
    assert found[0] == chat.conversation
    assert [role for role, _ in database.texts(found[0])] == ["user", "assistant"]


def test_a_message_whose_receipt_was_lost_is_not_sent_twice(
    away, proxy, provider, database
):
    conversation = away.talk()
    chat = away.open(conversation)
    chat.ask("Are we connected?")
    proxy.mute = True
    chat.send("Did you get this?")
    provider.wait_requests(2)
    unsent = chat.page.locator("[data-client-id]")
    expect(unsent).to_be_visible()
    proxy.restore()
    proxy.cut()
    expect(unsent).to_have_count(0)
    chat.expect_ended()
    asked = [text for role, text in database.texts(conversation) if role == "user"]
    assert asked[1:] == ["Are we connected?", "Did you get this?"]
    expect(chat.questions).to_have_count(3)
    assert len(provider.requests) == 2


def test_an_unsent_message_can_be_taken_back(away, proxy, database):
    chat = away.open(away.talk())
    chat.page.clock.install()
    lose(away, proxy)
    chat.send("On second thought")
    chat.page.clock.fast_forward(11_000)
    chat.page.get_by_role("button", name="Edit").click()
    expect(chat.box).to_have_value("On second thought")
    expect(chat.questions).to_have_count(1)
    give_back(away, proxy)
    expect(chat.notice).to_be_empty()
    assert len(database.texts(chat.conversation)) == 2


def test_a_replaced_server_is_found_again_and_the_reply_goes_on(
    make_site, browsers, browser, provider
):
    site = make_site()
    database = Database(site.environment, rows="tests.browser.rows")
    person = Person(browser, site.url, database, database.add_user("erin"))
    browsers.append(person)
    hold = provider.hold()
    provider.reply_pieces(["The first half", hold])
    provider.reply(" and the second.")
    chat = person.begin()
    chat.send("Tell me")
    expect(chat.body()).to_have_text("The first half")
    assert site.stop() == 0
    site.start()
    chat.expect_ended("interrupted")
    hold.release()
    expect(chat.body()).to_have_text("The first half")
    expect(chat.reply).to_contain_text("What was written is kept.")
    chat.button("Continue").click()
    chat.expect_ended()
    expect(chat.body()).to_have_text("The first half and the second.")
    database.close()
