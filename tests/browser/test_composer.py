"""The box a person writes in."""

import re

import pytest
from playwright.sync_api import expect

# What browsers tell a page while somebody writes 한 and confirms it with Enter.
START = ["compositionstart", {"data": ""}]
UPDATE = ["compositionupdate", {"data": "한"}]
END = ["compositionend", {"data": "한"}]
CHROME_ENTER = ["keydown", {"key": "Enter", "keyCode": 229, "isComposing": True}]
FIREFOX_ENTER = ["keydown", {"key": "Enter", "keyCode": 13, "isComposing": True}]
SAFARI_ENTER = ["keydown", {"key": "Enter", "keyCode": 229, "isComposing": False}]
PLAIN_ENTER = ["keydown", {"key": "Enter", "keyCode": 13, "isComposing": False}]
DISPATCH = """(box, events) => {
  for (const [type, fields] of events) {
    const Kind = type === "keydown" ? KeyboardEvent : CompositionEvent;
    const all = { bubbles: true, cancelable: true, ...fields };
    box.dispatchEvent(new Kind(type, all));
  }
}"""


@pytest.fixture
def chat(alice):
    return alice.open(alice.talk())


def test_enter_sends_and_empties_the_box(chat):
    chat.send("What is ice?")
    expect(chat.body(chat.question)).to_have_text("What is ice?")
    expect(chat.box).to_have_value("")
    expect(chat.box).to_be_focused()


def test_shift_and_enter_breaks_the_line(chat, database):
    chat.box.press_sequentially("one")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("one\ntwo")
    expect(chat.questions).to_have_count(1)
    chat.box.press("Enter")
    expect(chat.replies).to_have_count(2)
    assert ("user", "one\ntwo") in database.texts(chat.conversation)


def test_nothing_is_not_sent(chat):
    chat.box.fill("  \n ")
    chat.box.press("Enter")
    chat.ask("Something")
    expect(chat.questions).to_have_count(2)


@pytest.mark.parametrize(
    "events",
    [
        [START, UPDATE, CHROME_ENTER, END],
        [START, UPDATE, FIREFOX_ENTER, END],
        [START, UPDATE, END, SAFARI_ENTER],
        [START, UPDATE, END, PLAIN_ENTER],
    ],
    ids=["Chrome", "Firefox", "Safari", "Safari, without its code"],
)
def test_the_enter_that_picks_a_word_does_not_send(chat, events):
    chat.box.fill("한")
    chat.box.evaluate(DISPATCH, events)
    expect(chat.box).to_have_value("한")
    expect(chat.questions).to_have_count(1)
    chat.box.press("Enter")
    expect(chat.body(chat.question)).to_have_text("한")


def test_the_input_method_of_the_browser_itself_does_not_send(chat, alice):
    devtools = alice.context.new_cdp_session(chat.page)
    chat.box.focus()
    composed = {"text": "你好", "selectionStart": 2, "selectionEnd": 2}
    devtools.send("Input.imeSetComposition", composed)
    key = {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229}
    devtools.send("Input.dispatchKeyEvent", key)
    devtools.send("Input.insertText", {"text": "你好"})
    expect(chat.box).to_have_value("你好")
    expect(chat.questions).to_have_count(1)
    chat.box.press("Enter")
    expect(chat.body(chat.question)).to_have_text("你好")


def test_the_box_grows_with_the_text_and_shrinks_again(chat):
    one_line = chat.box.bounding_box()["height"]
    chat.box.fill("\n".join(["a line"] * 5))
    assert chat.box.bounding_box()["height"] > 2 * one_line
    chat.box.fill("\n".join(["a line"] * 500))
    assert chat.box.bounding_box()["height"] < chat.page.viewport_size["height"] * 0.7
    chat.box.fill("")
    assert chat.box.bounding_box()["height"] == one_line


def test_a_draft_survives_a_reload_and_belongs_to_its_conversation(alice, chat):
    other = alice.open(alice.talk())
    chat.box.fill("Half a thou")
    chat.reload()
    expect(chat.box).to_have_value("Half a thou")
    other.reload()
    expect(other.box).to_have_value("")
    chat.ask("Half a thought")
    chat.reload()
    expect(chat.box).to_have_value("")


def test_the_draft_of_a_new_chat_survives_a_reload(alice):
    chat = alice.begin()
    chat.box.fill("Dear persona")
    chat.reload()
    expect(chat.box).to_have_value("Dear persona")


def test_the_limit_is_told_before_sending(chat):
    limit = int(chat.box.get_attribute("data-limit"))
    told = chat.page.locator("#composer-limit")
    expect(told).to_be_hidden()
    chat.box.fill("x" * (limit - 5))
    expect(told).to_have_text(f"{limit - 5:,} of {limit:,} characters")
    chat.box.fill("x" * (limit + 7))
    expect(told).to_have_text("7 characters too long")
    expect(chat.box).to_have_attribute("aria-invalid", "true")
    chat.box.press("Enter")
    expect(chat.questions).to_have_count(1)
    assert len(chat.box.input_value()) == limit + 7


def test_one_can_type_while_a_reply_is_written(chat, provider):
    hold = provider.hold()
    provider.reply_pieces(["Writing", hold, " still"])
    chat.send("Write something")
    expect(chat.body()).to_have_text("Writing")
    expect(chat.stop_button).to_be_visible()
    chat.box.press_sequentially("My next")
    expect(chat.send_button).to_be_visible()
    hold.release()
    chat.expect_ended()
    expect(chat.box).to_have_value("My next")
    expect(chat.box).to_be_focused()


def test_a_message_may_be_sent_before_the_last_was_answered(chat, database, provider):
    hold = provider.hold()
    provider.reply_pieces(["First", hold, " answer"])
    chat.send("First question")
    expect(chat.body()).to_have_text("First")
    chat.send("Second question")
    expect(chat.questions).to_have_count(3)
    hold.release()
    expect(chat.replies).to_have_count(3)
    chat.expect_ended()
    asked = [text for role, text in database.texts(chat.conversation) if role == "user"]
    assert asked[1:] == ["First question", "Second question"]


def test_stop_stands_beside_send_while_one_types(alice, provider):
    hold = provider.hold()
    provider.reply_pieces(["Writing", hold])
    chat = alice.open(alice.talk())
    escape = chat.page.locator("#composer-escape")
    expect(escape).to_be_hidden()
    expect(chat.stop_button).to_be_hidden()
    chat.send("Write")
    expect(chat.body()).to_have_text("Writing")
    expect(chat.stop_button).to_be_visible()
    expect(chat.send_button).to_be_hidden()
    expect(escape).to_be_visible()
    chat.box.press_sequentially("My next")
    expect(chat.send_button).to_be_visible()
    chat.stop_button.click()
    chat.expect_ended("stopped")
    hold.release()
    expect(chat.box).to_have_value("My next")
    expect(chat.stop_button).to_be_hidden()
    expect(escape).to_be_hidden()


QUOTE = """text => document.body.dispatchEvent(
  new CustomEvent("quote", { bubbles: true, detail: { text } }))"""


def test_a_quotation_is_put_after_what_is_there(chat):
    chat.page.evaluate(QUOTE, "one\n\ntwo")
    expect(chat.box).to_have_value("> one\n>\n> two\n\n")
    expect(chat.box).to_be_focused()
    chat.page.keyboard.type("Why?")
    chat.page.evaluate(QUOTE, "three")
    expect(chat.box).to_have_value("> one\n>\n> two\n\nWhy?\n\n> three\n\n")


def test_a_quotation_is_undone_as_one_step(chat):
    chat.box.press_sequentially("My own words ")
    chat.page.evaluate(QUOTE, "one\n\ntwo")
    expect(chat.box).to_have_value("My own words\n\n> one\n>\n> two\n\n")
    chat.page.keyboard.press("Control+Z")
    expect(chat.box).to_have_value("My own words ")
    chat.page.keyboard.press("Control+Z")
    expect(chat.box).to_have_value("")


def test_a_long_quotation_is_put_into_the_box_at_once(chat):
    """A browser would write its lines one by one, and each be slower than the last."""
    chat.page.evaluate("() => { document.execCommand = undefined; }")
    chat.page.evaluate(QUOTE, "\n".join(["line"] * 2000))
    expect(chat.box).to_have_value("> line\n" * 2000 + "\n")


def test_who_chose_so_sends_with_control_and_enter(sign_in):
    alice = sign_in("alice", fields={"send_key": "ctrl"})
    chat = alice.open(alice.talk())
    chat.box.press_sequentially("one")
    chat.box.press("Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("one\ntwo")
    chat.box.press("Control+Enter")
    expect(chat.body(chat.question)).to_have_text(re.compile("one\\s*two"))
    expect(chat.box).to_have_value("")


def test_a_temporary_chat_is_in_no_list(alice, database):
    chat = alice.begin()
    note = chat.page.get_by_text("gone after 24 hours")
    expect(note).to_be_hidden()
    chat.page.get_by_role("checkbox", name="Temporary chat").check()
    expect(note).to_be_visible()
    chat.box.focus()
    chat.ask("Between us")
    expect(chat.item(chat.conversation)).to_have_count(0)
    chat.reload()
    expect(chat.body(chat.question)).to_have_text("Between us")
    expect(chat.item(chat.conversation)).to_have_count(0)


def test_on_a_phone_the_keyboard_leaves_the_box_in_view(sign_in):
    """Where a browser lays the keyboard over the page, only this is told of it."""
    alice = sign_in("alice", viewport={"width": 390, "height": 844}, has_touch=True)
    chat = alice.open(alice.talk())
    chat.page.evaluate("""() => {
      Object.defineProperty(visualViewport, "height", { get: () => 420 });
      visualViewport.dispatchEvent(new Event("resize"));
    }""")
    chat.box.focus()
    box = chat.box.bounding_box()
    assert box["y"] + box["height"] <= 420
    expect(chat.title).to_be_in_viewport()


def test_on_a_phone_return_breaks_the_line_and_the_button_sends(sign_in, database):
    phone = {"width": 390, "height": 844}
    alice = sign_in("alice", viewport=phone, has_touch=True, is_mobile=True)
    chat = alice.open(alice.talk())
    chat.box.press_sequentially("one")
    chat.box.press("Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("one\ntwo")
    chat.send_button.tap()
    expect(chat.replies).to_have_count(2)
    assert ("user", "one\ntwo") in database.texts(chat.conversation)


def test_on_a_phone_no_keyboard_rises_over_a_reply_that_has_ended(sign_in, provider):
    """Where a touch writes, the focus alone brings the keyboard up."""
    phone = {"width": 390, "height": 844}
    alice = sign_in("alice", viewport=phone, has_touch=True, is_mobile=True)
    chat = alice.open(alice.talk())
    hold = provider.hold()
    provider.reply_pieces(["Cold.", hold])
    chat.box.fill("And ice?")
    chat.send_button.tap()
    expect(chat.stop_button).to_be_focused()
    hold.release()
    chat.expect_ended()
    expect(chat.send_button).to_be_focused()
    chat.question.get_by_role("link", name="Edit this message").tap()
    editor = chat.question.get_by_role("textbox", name="Message")
    editor.fill("And steam?")
    provider.reply("Hot.")
    chat.question.get_by_role("button", name="Save and send").tap()
    expect(chat.body()).to_have_text("Hot.")
    chat.expect_ended()
    expect(chat.body(chat.question)).to_have_text("And steam?")
    expect(chat.box).not_to_be_focused()
