"""What is typed and not sent follows its person from device to device."""

from functools import partial

import pytest
from playwright.sync_api import expect

from .chat import Chat


@pytest.fixture
def talk(alice):
    return alice.talk()


@pytest.fixture
def phone(alice, sign_in):
    """Alice again, in a browser of its own."""
    return sign_in(alice.username, again=True)


def write(chat, text):
    """Type it, and wait until the server keeps it."""
    with chat.page.expect_response("**/unsent/"):
        chat.box.fill(text)


def test_it_is_on_the_other_device(alice, phone, talk):
    write(alice.open(talk), "Half a thought")
    there = phone.open(talk)
    expect(there.box).to_have_value("Half a thought")
    write(there, "Half a thought, and the other half")
    expect(alice.open(talk).box).to_have_value("Half a thought, and the other half")


def test_the_box_of_a_new_chat_follows_too(alice, phone, talk):
    write(alice.begin(), "Dear persona")
    expect(phone.begin().box).to_have_value("Dear persona")
    expect(phone.open(talk).box).to_have_value("")


def test_a_page_that_is_closed_at_once_leaves_it(alice, phone, talk, database):
    chat = alice.open(talk)
    chat.box.fill("In a hurry")
    chat.page.goto("/prompts/")
    kept = {talk: "In a hurry"}
    assert database.wait_until_unsent(alice.username, kept) == kept
    expect(phone.open(talk).box).to_have_value("In a hurry")


def test_what_is_sent_is_nowhere_unsent(alice, phone, talk, database):
    chat = alice.open(talk)
    write(chat, "What is ice?")
    with chat.page.expect_response("**/unsent/"):
        chat.box.press("Enter")
    assert database.unsent_texts(alice.username) == {}
    expect(phone.open(talk).box).to_have_value("")
    chat.reload()
    expect(chat.box).to_have_value("")


def test_what_was_sent_elsewhere_is_gone_here_too(alice, phone, talk):
    chat = alice.open(talk)
    write(chat, "What is ice?")
    there = phone.open(talk)
    with there.page.expect_response("**/unsent/"):
        there.box.press("Enter")
    chat.reload()
    expect(chat.box).to_have_value("")


def test_the_first_message_takes_the_text_of_the_new_chat_along(alice, database):
    chat = alice.begin()
    write(chat, "What is ice?")
    chat.ask("What is ice?")
    conversation = chat.conversation
    write(chat, "And water?")
    assert database.unsent_texts(alice.username) == {conversation: "And water?"}
    expect(alice.begin().box).to_have_value("")


def test_what_is_typed_while_the_first_message_is_sent_stays_with_it(alice, database):
    chat = alice.begin()
    chat.send("What is ice?")
    chat.box.fill("And")
    chat.expect_ended()
    conversation = chat.conversation
    chat.page.goto("/prompts/")
    kept = {conversation: "And"}
    assert database.wait_until_unsent(alice.username, kept) == kept
    expect(alice.open(conversation).box).to_have_value("And")
    expect(alice.begin().box).to_have_value("")


def test_who_comes_back_goes_on_with_what_was_added_elsewhere(alice, phone, talk):
    chat = alice.open(talk)
    write(chat, "Half a thought")
    write(phone.open(talk), "Half a thought, and the other half")
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(chat.box).to_have_value("Half a thought, and the other half")


def test_who_comes_back_finds_their_own_words_where_others_were_written(
    alice, phone, talk
):
    chat = alice.open(talk)
    write(chat, "My own words")
    write(phone.open(talk), "Others")
    with chat.page.expect_response(f"**/unsent/{talk}/"):
        chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(chat.box).to_have_value("My own words")


def test_what_could_not_be_kept_by_the_server_is_not_lost(alice, phone, talk, database):
    """Both were written at while one had no network: both are there."""
    chat = alice.open(talk)
    write(chat, "Begun")
    alice.context.route("**/unsent/", lambda route: route.abort())
    with chat.page.expect_event("requestfailed"):
        chat.box.fill("Written in the train")
    write(phone.open(talk), "Written on the phone")
    chat.page.goto("/prompts/")
    alice.context.unroute("**/unsent/")
    both = "Written on the phone\n\nWritten in the train"
    expect(alice.open(talk).box).to_have_value(both)
    assert database.wait_until_unsent(alice.username, {talk: both}) == {talk: both}
    expect(phone.open(talk).box).to_have_value(both)


def test_what_two_devices_write_at_once_is_joined_where_it_is_written(
    alice, phone, talk, database
):
    here, there = alice.open(talk), phone.open(talk)
    write(there, "Written on the phone")
    here.box.fill("Written at the desk")
    both = "Written on the phone\n\nWritten at the desk"
    expect(here.box).to_have_value(both)
    here.page.keyboard.type(", and on")
    kept = {talk: f"{both}, and on"}
    assert database.wait_until_unsent(alice.username, kept) == kept


def test_what_is_typed_before_the_script_comes_is_joined_to_what_was_kept(
    alice, phone, talk, database
):
    """Not every browser knows that the page is to wait for its script."""
    write(phone.open(talk), "A long thought")
    page, held = alice.context.new_page(), []
    page.route("**/js/app*.js", lambda route: held.append(route))
    page.route(f"**/c/{talk}/", without_waiting)
    page.goto(f"/c/{talk}/", wait_until="commit")
    box = Chat(page).box
    box.fill("hi")
    held.pop().continue_()
    both = "A long thought\n\nhi"
    expect(box).to_have_value(both)
    page.keyboard.type(", again")
    kept = {talk: f"{both}, again"}
    assert database.wait_until_unsent(alice.username, kept) == kept


def without_waiting(route):
    response = route.fetch()
    body = response.text().replace('blocking="render"', "")
    route.fulfill(response=response, body=body)


def test_two_tabs_of_one_browser_are_two_boxes(alice, database):
    one, other = alice.begin(), alice.begin()
    write(one, "In one tab")
    write(other, "In the other")
    expect(other.box).to_have_value("In the other")
    expect(one.box).to_have_value("In one tab")


def two_tabs(begin, text):
    """Write `text` in one tab that `begin` opens, and have it in another."""
    one = begin()
    write(one, text)
    other = begin()
    expect(other.box).to_have_value(text)
    return one, other


def test_what_is_typed_in_one_of_two_tabs_is_not_lost_with_a_reload(alice):
    one, other = two_tabs(alice.begin, "A long thought")
    write(other, "Something else")
    other.ask("Something else")
    expect(one.box).to_have_value("A long thought")
    one.reload()
    expect(one.box).to_have_value("A long thought")


def test_a_tab_that_only_shows_a_text_does_not_put_it_back(alice, talk):
    one, other = two_tabs(partial(alice.open, talk), "Half a thought")
    write(one, "Another thought")
    other.page.goto("/prompts/")
    one.reload()
    expect(one.box).to_have_value("Another thought")


def test_what_is_sent_from_one_tab_is_not_in_the_box_of_the_other(alice, talk):
    elsewhere = alice.open(alice.talk())
    one, other = two_tabs(partial(alice.open, talk), "What is ice?")
    elsewhere.box.fill("What is ice?")
    one.ask("What is ice?")
    expect(other.box).to_have_value("")
    expect(elsewhere.box).to_have_value("What is ice?")
    other.reload()
    expect(other.box).to_have_value("")


def test_the_same_new_chat_is_not_begun_from_two_tabs(alice):
    one, other = two_tabs(alice.begin, "What is ice")
    one.ask("What is ice?")
    expect(other.box).to_have_value("")


def test_what_was_kept_before_there_was_a_server_for_it_is_not_lost(alice, talk):
    chat = alice.begin()
    chat.page.evaluate(
        f"localStorage['chatsite.draft.{talk}'] = JSON.stringify('From before')"
    )
    expect(alice.open(talk).box).to_have_value("From before")


def test_what_is_too_long_to_send_is_kept_here(alice, talk, database):
    chat = alice.open(talk)
    limit = int(chat.box.get_attribute("data-limit"))
    chat.box.fill("x" * (limit + 1))
    chat.reload()
    expect(chat.box).to_have_value("x" * (limit + 1))
    assert database.unsent_texts(alice.username) == {}


def test_another_person_at_the_same_browser_finds_nothing(alice, bob, database):
    write(alice.begin(), "Mine alone")
    cookie = {"name": "sessionid", "value": database.session_of(bob.username)}
    alice.context.add_cookies([cookie | {"url": alice.address}])
    expect(alice.begin().box).to_have_value("")
