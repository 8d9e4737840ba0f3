"""The page of a new chat: whom to talk to, and the first message."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def captain(make_persona):
    """A persona with a greeting and a starter, beside the site's first ones."""
    greeting, starters = "Ahoy there.", ["Where are we sailing?"]
    return make_persona("Captain", greeting=greeting, starters=starters)


@pytest.fixture
def no_personas(database):
    slugs = database.retire_personas()
    yield
    for slug in slugs:
        database.change_persona(slug, state="published")


def card(chat, name):
    return chat.page.get_by_role("radio", name=re.compile(name))


def test_the_personas_are_cards_and_the_choice_is_greeted(alice, captain):
    chat = alice.begin()
    expect(card(chat, "Assistant")).to_be_checked()
    greeting = chat.page.get_by_text("Ahoy there.")
    starter = chat.page.get_by_role("button", name="Where are we sailing?")
    expect(greeting).to_be_hidden()
    expect(starter).to_be_hidden()
    card(chat, "Captain").check(force=True)
    expect(greeting).to_be_visible()
    expect(starter).to_be_visible()
    expect(chat.page.get_by_text("Hello. What are you working on?")).to_be_hidden()


def test_the_chosen_persona_answers(alice, captain, provider, database):
    chat = alice.begin()
    card(chat, "Captain").check(force=True)
    chat.ask("Hello")
    expect(chat.reply.locator('[data-part="persona"]')).to_have_text("Captain")
    expect(chat.page.locator("#thread-header")).to_contain_text("Captain")


def test_the_last_persona_is_chosen_already(alice, captain):
    alice.talk(persona=captain)
    expect(card(alice.begin(), "Captain")).to_be_checked()


def test_an_address_may_name_the_persona(alice, captain):
    chat = alice.begin(f"/?persona={captain}")
    expect(card(chat, "Captain")).to_be_checked()


def test_one_click_on_a_starter_sends_it(alice, captain, provider):
    chat = alice.begin(f"/?persona={captain}")
    chat.page.get_by_role("button", name="Where are we sailing?").click()
    expect(chat.body(chat.question)).to_have_text("Where are we sailing?")
    chat.expect_ended()
    assert provider.bodies[0]["messages"][-1]["content"] == "Where are we sailing?"


def test_a_starter_leaves_the_draft_alone(alice, captain):
    chat = alice.begin(f"/?persona={captain}")
    chat.box.fill("My own words")
    chat.page.get_by_role("button", name="Where are we sailing?").click()
    chat.expect_ended()
    expect(chat.box).to_have_value("My own words")


def test_the_first_message_gives_address_title_and_list_item(alice, database):
    chat = alice.begin()
    chat.page.evaluate("window.isTheSamePage = true")
    other_tab = alice.begin()
    chat.send("How deep is the sea? Tell me in detail, please.")
    title = "How deep is the sea?"
    expect(chat.title).to_have_text(title)
    expect(chat.page).to_have_title(re.compile(re.escape(title)))
    assert chat.page.evaluate("window.isTheSamePage")
    item = chat.item(chat.conversation)
    expect(item).to_contain_text(title)
    expect(item.locator("a")).to_have_attribute("aria-current", "page")
    expect(other_tab.item(chat.conversation)).to_contain_text(title)
    expect(chat.page.locator(".persona-card").first).to_be_hidden()
    chat.expect_ended()
    chat.reload()
    expect(chat.title).to_have_text(title)
    assert database.conversations_of(alice.username) == [(chat.conversation, title)]


def test_the_box_has_the_focus(alice):
    expect(alice.begin().box).to_be_focused()


def test_without_any_persona_the_page_says_whom_to_ask(alice, no_personas):
    chat = alice.begin()
    expect(chat.page.get_by_text("Ask an administrator")).to_be_visible()
    expect(chat.box).to_be_disabled()


def test_without_any_persona_staff_are_led_to_make_one(sign_in, no_personas):
    staff = sign_in("alice", fields={"is_staff": True, "is_superuser": True})
    page = staff.visit()
    page.get_by_role("link", name="Make a persona").click()
    expect(page).to_have_url(re.compile("/admin/conversations/persona/add/"))
