"""Prompts: the pages that keep them, and `/` in the box."""

import re

import pytest
from playwright.sync_api import expect

from .test_accessibility import PHONE, expect_accessible, violations
from .test_palette import DISPATCH, PICKS

MAIL = "Write a mail to {{who}} about {{topic}}.\n\nDear {{who}},"


@pytest.fixture
def prompts(alice, database):
    database.add_snippet(alice.username, "mail", MAIL)
    database.add_snippet(alice.username, "mean", "What does “{{word}}” mean?")
    database.add_snippet(alice.username, "summary", "Summarise this:")


@pytest.fixture
def chat(alice, prompts):
    return alice.open(alice.talk())


def options(chat):
    return chat.page.locator("snippet-menu [role=option]")


def type_in(chat, text):
    chat.box.focus()
    chat.page.keyboard.type(text)


def selection(chat):
    return chat.box.evaluate(
        "(box) => box.value.slice(box.selectionStart, box.selectionEnd)"
    )


def test_a_slash_at_the_start_offers_them_and_more_letters_fewer(chat):
    type_in(chat, "/")
    expect(options(chat)).to_have_text(
        [re.compile("mail"), *map(re.compile, ("mean", "summary"))]
    )
    type_in(chat, "mai")
    expect(options(chat)).to_have_count(1)
    expect(options(chat)).to_have_attribute("aria-selected", "true")
    chat.box.press("Backspace")
    expect(options(chat)).to_have_count(2)


def test_a_slash_elsewhere_is_a_slash(chat):
    type_in(chat, "and/or")
    expect(options(chat).first).to_be_hidden()
    chat.box.press("Enter")
    expect(chat.body(chat.question)).to_have_text("and/or")


def test_enter_puts_it_into_the_box_and_tab_goes_through_its_blanks(chat, provider):
    type_in(chat, "/mail")
    expect(options(chat)).to_have_count(1)
    chat.box.press("Enter")
    expect(chat.box).to_have_value(MAIL)
    assert selection(chat) == "{{who}}"
    chat.page.keyboard.type("Ana")
    chat.box.press("Tab")
    expect(chat.box).to_have_value(MAIL.replace("{{who}}", "Ana"))
    assert selection(chat) == "{{topic}}"
    chat.page.keyboard.type("the sea")
    expect(chat.questions).to_have_count(1)
    chat.box.press("Enter")
    sent = "Write a mail to Ana about the sea.\n\nDear Ana,"
    expect(chat.box).to_have_value("")
    expect(chat.replies).to_have_count(2)
    chat.expect_ended()
    assert provider.bodies[-1]["messages"][-1]["content"] == sent


def test_shift_and_tab_goes_back(chat):
    type_in(chat, "/mail")
    expect(options(chat)).to_have_count(1)
    chat.box.press("Tab")
    chat.box.press("Tab")
    assert selection(chat) == "{{topic}}"
    chat.box.press("Shift+Tab")
    assert selection(chat) == "{{who}}"
    expect(chat.box).to_be_focused()


def test_without_blanks_tab_belongs_to_the_page_again(chat):
    type_in(chat, "/mean")
    expect(options(chat)).to_have_count(1)
    chat.box.press("Enter")
    chat.page.keyboard.type("reef")
    chat.box.press("Tab")
    expect(chat.box).to_have_value("What does “reef” mean?")
    expect(chat.box).not_to_be_focused()


def test_what_was_chosen_can_be_undone(chat):
    type_in(chat, "/summ")
    expect(options(chat)).to_have_count(1)
    chat.box.press("Enter")
    expect(chat.box).to_have_value("Summarise this:")
    chat.box.press("Control+z")
    expect(chat.box).to_have_value("/summ")


def test_escape_closes_it_and_enter_sends_what_is_there(chat):
    type_in(chat, "/m")
    expect(options(chat)).to_have_count(3)
    chat.box.press("Escape")
    expect(options(chat).first).to_be_hidden()
    chat.page.keyboard.type("ean")
    chat.box.press("Enter")
    expect(chat.body(chat.question)).to_have_text("/mean")


def test_what_names_none_is_sent(chat):
    type_in(chat, "/shrug")
    expect(options(chat)).to_have_count(0)
    chat.box.press("Enter")
    expect(chat.body(chat.question)).to_have_text("/shrug")


@pytest.fixture
def held(chat):
    """What shows the prompts, and asks for them, comes when it is let through."""
    held = []
    chat.page.route("**/snippet-menu.*.js", lambda route: held.append(route))
    return held


def test_enter_waits_for_the_prompts_that_are_called(chat, held):
    type_in(chat, "/summ")
    chat.box.press("Enter")
    held.pop().continue_()
    expect(chat.box).to_have_value("Summarise this:")
    expect(chat.questions).to_have_count(1)
    expect(chat.page.locator("[data-client-id]")).to_have_count(0)


def test_an_enter_that_waited_sends_what_names_none(chat, held):
    type_in(chat, "/shrug")
    chat.box.press("Enter")
    held.pop().continue_()
    expect(chat.body(chat.question)).to_have_text("/shrug")


def test_enter_chooses_none_that_only_the_first_letters_named(chat):
    type_in(chat, "/m")
    expect(options(chat)).to_have_count(3)
    held = []
    chat.page.route("**/prompts/?q=*", lambda route: held.append(route))
    with chat.page.expect_request("**/prompts/?q=mean*"):
        type_in(chat, "ean")
    chat.box.press("Enter")
    held[-1].continue_()
    expect(chat.box).to_have_value("What does “{{word}}” mean?")
    expect(chat.questions).to_have_count(1)


def test_the_enter_that_picks_a_word_chooses_none(chat):
    type_in(chat, "/m")
    expect(options(chat)).to_have_count(3)
    chat.box.evaluate(DISPATCH, PICKS)
    expect(chat.box).to_have_value("/m")
    expect(chat.questions).to_have_count(1)


def test_the_arrows_choose_another(chat):
    type_in(chat, "/ma")
    expect(options(chat)).to_have_count(2)  # these letters' own: with fewer there are 3
    chat.box.press("ArrowDown")
    second = options(chat).nth(1).get_attribute("id")
    expect(chat.box).to_have_attribute("aria-activedescendant", second)
    chat.box.press("Enter")
    expect(chat.box).to_have_value("Summarise this:")


def test_a_finger_chooses_and_the_box_keeps_the_focus(sign_in, database):
    alice = sign_in("alice", viewport=PHONE, has_touch=True, is_mobile=True)
    database.add_snippet(alice.username, "mail", MAIL)
    chat = alice.open(alice.talk())
    type_in(chat, "/")
    options(chat).first.tap()
    expect(chat.box).to_have_value(MAIL)
    expect(chat.box).to_be_focused()


def test_others_are_not_offered_it(chat, sign_in):
    other = sign_in("bob")
    chat = other.open(other.talk())
    type_in(chat, "/mail")
    chat.box.press("Enter")
    expect(chat.body(chat.question)).to_have_text("/mail")


def test_the_menu_is_accessible(chat):
    chat.page.emulate_media(reduced_motion="reduce")
    type_in(chat, "/")
    expect(options(chat)).to_have_count(3)
    assert violations(chat.page) == []


def test_one_is_made_changed_and_deleted_by_keyboard(alice):
    page = alice.visit("/prompts/")
    page.get_by_role("link", name="New prompt").press("Enter")
    page.get_by_role("textbox", name="Name").fill("/greeting")
    page.get_by_role("textbox", name="Text").fill("Good {{time}}")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("The prompt was saved.")).to_be_visible()
    page.get_by_role("link", name="Edit greeting").press("Enter")
    page.get_by_role("textbox", name="Text").fill("Good morning")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".snippet")).to_contain_text("Good morning")
    row = page.locator(".snippet")
    row.get_by_label("Delete greeting").press("Enter")
    row.get_by_role("button", name="Delete for good").press("Enter")
    expect(page.get_by_text("You have no prompts of your own yet.")).to_be_visible()


def test_the_pages_are_accessible(alice, prompts):
    expect_accessible(alice.visit("/prompts/"))
    expect_accessible(alice.visit("/prompts/new/"))
