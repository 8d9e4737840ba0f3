"""Versions of messages: edited in their place, walked by keys, continued elsewhere."""

import re

import pytest
from playwright.sync_api import expect

COUNTER = '[data-part="siblings"]'

# Whether the browser may do with these keys what it always does: it goes back.
IS_FREE = """(element) => {
  const keys = { key: "ArrowLeft", altKey: true, bubbles: true, cancelable: true };
  return element.dispatchEvent(new KeyboardEvent("keydown", keys));
}"""


@pytest.fixture
def chat(alice):
    return alice.open(alice.talk(("Toss a coin", "Heads."), ("Again", "Tails.")))


def menu(chat, message=None):
    """Open what can be done with a message, the last reply unless told."""
    message = message or chat.reply
    message.hover()
    message.get_by_role("link", name="What you can do with this message").click()
    return chat.page.locator("#message-menu")


def edit(chat, message, text):
    message.hover()
    message.get_by_role("link", name="Edit this message").click()
    field = message.get_by_role("textbox", name="Message")
    expect(field).to_be_focused()
    field.fill(text)
    return field


def test_a_message_is_edited_in_its_place_and_asked_again(chat, provider):
    provider.reply("Six.")
    first = chat.questions.first
    field = edit(chat, first, "Roll a die")
    field.press("Control+Enter")
    expect(chat.body(chat.question)).to_have_text("Roll a die")
    expect(chat.body()).to_have_text("Six.")
    expect(chat.replies).to_have_count(1)
    expect(chat.question.locator(COUNTER)).to_have_text("2/2")
    chat.reload()
    expect(chat.body()).to_have_text("Six.")


def test_escape_and_cancel_leave_it_as_it_was(chat):
    field = edit(chat, chat.question, "Something else")
    expect(chat.question.locator(".editor")).to_have_css("outline-style", "solid")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(chat.body(chat.question)).to_have_text("Again")
    edit(chat, chat.question, "Something else")
    chat.button("Cancel", chat.question).click()
    expect(chat.question.get_by_role("textbox")).to_have_count(0)
    expect(chat.questions).to_have_count(2)


def test_an_edit_survives_a_reload(chat):
    edit(chat, chat.question, "Not finished ye")
    chat.page.wait_for_function(
        "() => Object.keys(localStorage).some((k) => k.startsWith('chatsite.edit.'))"
    )
    chat.reload()
    field = chat.question.get_by_role("textbox", name="Message")
    expect(field).to_have_value("Not finished ye")


def test_keys_of_an_input_method_neither_send_nor_cancel(chat):
    field = edit(chat, chat.question, "물")
    for key in ("Enter", "Escape"):
        field.evaluate(
            """(field, key) => field.dispatchEvent(new KeyboardEvent("keydown",
              { key, isComposing: true, ctrlKey: true, bubbles: true }))""",
            key,
        )
    expect(field).to_have_value("물")
    expect(chat.questions).to_have_count(2)


def test_an_edit_outlives_a_broken_connection(sign_in, proxy, provider):
    alice = sign_in("alice", address=proxy.url)
    chat = alice.open(alice.talk(("Toss a coin", "Heads.")))
    provider.reply("Six.")
    field = edit(chat, chat.question, "Roll a die")
    proxy.go_down()
    field.press("Control+Enter")
    letter = chat.page.locator("[data-client-id]")
    expect(letter.locator('[data-part="text"]')).to_have_text("Roll a die")
    proxy.restore()
    expect(chat.body(chat.question)).to_have_text("Roll a die")
    expect(letter).to_have_count(0)
    chat.expect_ended()
    expect(chat.question.locator(COUNTER)).to_have_text("2/2")


def test_alt_and_arrows_walk_the_versions_and_keep_the_focus(chat, provider):
    provider.reply("On its edge.")
    chat.reply.hover()
    chat.button("Regenerate this reply").press("Enter")
    chat.expect_ended()
    expect(chat.reply.locator(COUNTER)).to_have_text("2/2")
    expect(chat.reply).to_be_focused()
    chat.reply.get_by_role("button", name="Show the version before").focus()
    for keys, counter, words in (
        ("Alt+ArrowLeft", "1/2", "Tails."),
        ("Alt+ArrowRight", "2/2", "On its edge."),
        ("Alt+ArrowLeft", "1/2", "Tails."),
    ):
        chat.page.keyboard.press(keys)
        expect(chat.body()).to_have_text(words)
        expect(chat.reply.locator(COUNTER)).to_have_text(counter)
        focused = chat.reply.locator(f"{COUNTER} button:focus")
        expect(focused).to_have_css("outline-offset", "-2px")  # not over the counter


def test_alt_and_an_arrow_lead_back_where_no_version_is_before(chat):
    chat.reply.hover()
    chat.button("Regenerate this reply").click()
    chat.expect_ended()
    expect(chat.reply.locator(COUNTER)).to_have_text("2/2")
    for element in (chat.page.locator("body"), chat.list, chat.question):
        assert element.evaluate(IS_FREE)
    expect(chat.reply.locator(COUNTER)).to_have_text("2/2")
    assert not chat.reply.evaluate(IS_FREE)
    expect(chat.reply.locator(COUNTER)).to_have_text("1/2")
    assert chat.reply.evaluate(IS_FREE)


def test_a_version_is_shown_as_far_as_it_was_left(chat, provider):
    provider.reply("Six.")
    edit(chat, chat.questions.first, "Roll a die").press("Control+Enter")
    expect(chat.body()).to_have_text("Six.")
    chat.questions.first.hover()
    chat.button("Show the version before", chat.questions.first).click()
    expect(chat.replies).to_have_count(2)
    expect(chat.body()).to_have_text("Tails.")


def test_another_tab_is_told_of_a_version_and_may_follow(alice, provider):
    conversation = alice.talk(("Toss a coin", "Heads."), ("Again", "Tails."))
    writing, other = alice.open(conversation), alice.open(conversation)
    provider.reply("Six.")
    edit(writing, writing.questions.first, "Roll a die").press("Control+Enter")
    expect(writing.body()).to_have_text("Six.")
    expect(other.questions.first.locator(COUNTER)).to_have_text("1/2")
    expect(other.notice).to_contain_text("Another version was added")
    expect(other.body()).to_have_text("Tails.")
    other.notice.get_by_role("button", name="Show it").click()
    expect(other.body()).to_have_text("Six.")
    expect(other.notice).to_be_empty()
    expect(other.questions.first).to_be_focused()


def test_another_tab_is_told_which_version_was_chosen_and_may_follow(alice, provider):
    conversation = alice.talk(("Toss a coin", "Heads."), ("Again", "Tails."))
    choosing = alice.open(conversation)
    provider.reply("Six.")
    edit(choosing, choosing.questions.first, "Roll a die").press("Control+Enter")
    expect(choosing.body()).to_have_text("Six.")
    choosing.expect_ended()
    other = alice.open(conversation)
    expect(other.body()).to_have_text("Six.")
    other.await_connection()
    choosing.button("Show the version before", choosing.question).click()
    expect(choosing.body()).to_have_text("Tails.")
    expect(other.notice).to_contain_text("Another version was chosen")
    expect(other.body()).to_have_text("Six.")
    other.notice.get_by_role("button", name="Show it").click()
    expect(other.body()).to_have_text("Tails.")
    expect(other.notice).to_be_empty()
    expect(choosing.notice).to_be_empty()


def test_an_address_names_a_message_on_any_branch(chat, alice, provider):
    provider.reply("Six.")
    left = chat.reply.get_attribute("data-message")
    edit(chat, chat.questions.first, "Roll a die").press("Control+Enter")
    expect(chat.body()).to_have_text("Six.")
    chat.expect_ended()
    found = alice.begin(f"/c/{chat.conversation}/?message={left}")
    expect(found.body()).to_have_text("Tails.")
    expect(found.reply).to_have_attribute("data-marked", "")
    expect(found.reply).to_be_in_viewport()
    found.page.wait_for_function(
        """() => {
          const thread = document.querySelector("chat-thread");
          return thread.send(thread.syncFrame());
        }"""
    )
    expect(found.body()).to_have_text("Tails.")
    # Elsewhere the conversation is as it was; what is sent here goes on here.
    assert alice.open(chat.conversation).body().inner_text() == "Six."
    provider.reply("Heads again.")
    found.send("And again")
    expect(found.body()).to_have_text("Heads again.")
    expect(found.replies).to_have_count(3)


def test_another_persona_is_asked_from_the_menu(chat, make_persona, provider):
    make_persona("Critic", instructions="Find fault.")
    provider.reply("I doubt it.")
    menu(chat)
    chat.page.get_by_role("link", name="Regenerate with…").click()
    dialog = chat.page.get_by_role("dialog", name="Regenerate with…")
    dialog.get_by_role("radio", name="Critic").check()
    dialog.get_by_role("button", name="Regenerate").click()
    expect(chat.body()).to_have_text("I doubt it.")
    expect(chat.reply.get_by_role("heading")).to_have_text("Critic")
    expect(chat.reply.locator(COUNTER)).to_have_text("2/2")


def test_a_dialog_stays_when_a_drag_ends_beside_it_and_a_click_there_closes_it(chat):
    menu(chat)
    chat.page.get_by_role("link", name="Regenerate with…").click()
    dialog = chat.page.get_by_role("dialog", name="Regenerate with…")
    box, mouse = dialog.bounding_box(), chat.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    mouse.down()
    mouse.move(5, 5)
    mouse.up()
    expect(dialog).to_be_visible()
    mouse.click(5, 5)
    expect(dialog).to_be_hidden()


def test_a_conversation_goes_on_from_a_message_in_a_new_one(chat):
    was = chat.conversation
    menu(chat, chat.replies.first)
    chat.page.get_by_role("button", name="Go on from here in a new chat").click()
    chat.page.wait_for_url(lambda url: was not in url)
    expect(chat.replies).to_have_count(1)
    expect(chat.body()).to_have_text("Heads.")
    assert chat.conversation != was


def test_the_version_that_wrote_a_reply_shows_its_public_face(chat):
    menu(chat)
    chat.page.get_by_role("link", name="Version 1").click()
    expect(chat.page.get_by_text("Version 1")).to_be_visible()
    expect(chat.page.get_by_text("Instructions")).to_have_count(0)


def test_the_menu_is_walked_by_keys_and_gives_the_focus_back(chat):
    more = chat.reply.get_by_role("link", name="What you can do with this message")
    more.focus()
    more.press("Enter")
    opened = chat.page.locator("#message-menu")
    expect(opened.locator(":focus")).to_have_count(1)
    chat.page.keyboard.press("ArrowDown")
    expect(opened.get_by_role("button", name="Good")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(more).to_be_focused()
    more.press("Enter")
    opened.get_by_role("button", name="Quote").press("Enter")
    expect(chat.box).to_be_focused()
    expect(chat.box).to_have_value(re.compile(r"^> Tails\.\n"))
    expect(opened).to_be_hidden()


def test_a_message_is_edited_without_javascript(sign_in, provider):
    alice = sign_in("alice", java_script_enabled=False)
    chat = alice.open(alice.talk(("Toss a coin", "Heads.")))
    chat.question.get_by_role("link", name="Edit this message").click()
    field = chat.page.get_by_role("textbox", name="Message")
    expect(field).to_have_value("Toss a coin")
    field.fill(" ")
    chat.page.get_by_role("button", name="Save and send").click()
    expect(chat.page.get_by_text("Write a message first.")).to_be_visible()
    field.fill("Roll a die")
    provider.reply("Six.")
    chat.page.get_by_role("button", name="Save and send").click()
    expect(chat.body(chat.question)).to_have_text("Roll a die")
    expect(chat.body()).to_have_text("Six.")


def test_an_edit_that_was_refused_is_edited_again(alice, make_persona, database):
    slug = make_persona("Fleeting")
    chat = alice.open(alice.talk(("Toss a coin", "Heads."), persona=slug))
    database.change_persona(slug, state="retired")
    edit(chat, chat.question, "Roll a die").press("Control+Enter")
    letter = chat.page.locator("[data-client-id]")
    expect(letter).to_contain_text("You cannot talk to this persona any more.")
    letter.get_by_role("button", name="Edit").click()
    field = chat.question.get_by_role("textbox", name="Message")
    expect(field).to_have_value("Roll a die")
    field.press("Escape")
    expect(chat.body(chat.question)).to_have_text("Toss a coin")
