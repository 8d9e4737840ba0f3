"""Good, bad, a note: given from the menu of a reply, and taken back."""

import pytest
from playwright.sync_api import expect

# What has come is shown by then.
A_FRAME = """() => new Promise((done) => {
  requestAnimationFrame(() => setTimeout(done));
})"""


@pytest.fixture
def chat(alice):
    return alice.open(alice.talk(("Toss a coin", "Heads.")))


def open_menu(chat, message=None):
    message = message or chat.reply
    message.hover()
    name = "What you can do with this message"
    message.get_by_role("link", name=name).click()
    return chat.page.locator("#message-menu")


def verdict(menu, name):
    return menu.get_by_role("button", name=name, exact=True)


def test_it_is_given_with_a_note_and_taken_back(chat, database):
    menu = open_menu(chat)
    verdict(menu, "Bad").click()
    expect(verdict(menu, "Bad")).to_have_attribute("aria-pressed", "true")
    expect(verdict(menu, "Bad")).to_be_focused()
    menu.get_by_role("textbox", name="Note").fill("Heads again?")
    menu.get_by_role("button", name="Save the note").click()
    expect(menu.get_by_role("status")).to_have_text("Your note is saved.")
    chat.page.keyboard.press("Escape")
    menu = open_menu(chat)
    expect(menu.get_by_role("textbox", name="Note")).to_have_value("Heads again?")
    verdict(menu, "Good").click()
    expect(verdict(menu, "Good")).to_have_attribute("aria-pressed", "true")
    assert database.feedback_on(chat.conversation) == [("good", "Heads again?")]
    verdict(menu, "Good").click()
    expect(verdict(menu, "Good")).to_have_attribute("aria-pressed", "false")
    expect(menu.get_by_role("textbox", name="Note")).to_have_count(0)
    assert database.feedback_on(chat.conversation) == []


def test_a_note_that_is_not_saved_is_there_again(chat, database):
    menu = open_menu(chat)
    verdict(menu, "Bad").click()
    note = menu.get_by_role("textbox", name="Note")
    note.fill("Heads again?")
    view = chat.page.viewport_size
    chat.page.mouse.click(view["width"] - 5, view["height"] / 2)
    expect(menu).to_be_hidden()
    open_menu(chat)
    expect(note).to_have_value("Heads again?")
    menu.get_by_role("button", name="Save the note").click()
    expect(menu.get_by_role("status")).to_have_text("Your note is saved.")
    assert database.feedback_on(chat.conversation) == [("bad", "Heads again?")]


def test_a_late_answer_leaves_the_menu_of_another_message_alone(chat):
    chat.ask("Once more")
    held = []
    chat.page.route("**/feedback/?fragment=1", lambda route: held.append(route))
    first, last = chat.replies.first, chat.reply
    menu = open_menu(chat, first)
    with chat.page.expect_request("**/feedback/?fragment=1"):
        verdict(menu, "Bad").click()
    chat.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    open_menu(chat, last)
    expect(menu).to_be_visible()
    mine = menu.locator("form.feedback").get_attribute("action")
    with chat.page.expect_response("**/feedback/?fragment=1") as answered:
        held.pop().continue_()
    answered.value.finished()
    chat.page.evaluate(A_FRAME)
    expect(menu.locator("form.feedback")).to_have_attribute("action", mine)
    expect(verdict(menu, "Bad")).to_have_attribute("aria-pressed", "false")


def test_without_a_network_the_page_stays_and_says_what_failed(chat):
    address = chat.page.url
    menu = open_menu(chat)
    expect(menu).to_be_visible()
    chat.page.context.set_offline(True)
    expect(chat.notice).to_contain_text("You are offline")
    verdict(menu, "Good").click()
    expect(chat.notice).to_contain_text("That could not be done")
    menu.get_by_role("button", name="Copy as Markdown").click()
    expect(chat.notice).to_contain_text("It could not be copied")
    menu.get_by_role("button", name="Quote").click()
    expect(chat.notice).to_contain_text("That could not be done")
    expect(menu).to_be_visible()
    chat.button("Copy this message").click()
    expect(chat.notice).to_contain_text("It could not be copied")
    open_menu(chat)
    expect(chat.notice).to_contain_text("That could not be done")
    assert chat.page.url == address
    expect(chat.body()).to_have_text("Heads.")


def test_it_is_given_without_javascript(sign_in, database):
    alice = sign_in("alice", java_script_enabled=False)
    chat = alice.open(alice.talk(("Toss a coin", "Heads.")))
    name = "What you can do with this message"
    conversation = chat.conversation
    chat.reply.get_by_role("link", name=name).click()
    page = chat.page
    page.get_by_role("button", name="Bad").click()
    page.get_by_role("textbox", name="Note").fill("Heads again?")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Heads again?")
    assert database.feedback_on(conversation) == [("bad", "Heads again?")]
    page.get_by_role("link", name="Back to the conversation").click()
    expect(chat.body()).to_have_text("Heads.")


def test_the_administrator_reads_the_note_and_not_the_chat(chat, sign_in):
    menu = open_menu(chat)
    verdict(menu, "Bad").click()
    menu.get_by_role("textbox", name="Note").fill("A note of mine")
    menu.get_by_role("button", name="Save the note").click()
    expect(menu.get_by_role("textbox", name="Note")).to_have_value("A note of mine")
    operator = sign_in("olga", fields={"is_staff": True, "is_superuser": True})
    page = operator.visit("/admin/conversations/feedback/")
    expect(page.get_by_text("A note of mine")).to_be_visible()
    expect(page.get_by_text("Heads.")).to_have_count(0)
