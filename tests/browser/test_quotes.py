"""What is taken out of messages: quotations, and copies."""

import re

import pytest
from playwright.sync_api import expect

# Of a message being sent up to what follows it, and of the page up to that message.
SELECT_OUTSIDE = """async () => {
  const template = document.getElementById("message-sending").content;
  const sending = template.cloneNode(true).firstElementChild;
  const words = sending.querySelector(".prose");
  words.textContent = "Being sent";
  document.querySelector("chat-message").parentElement.append(sending);
  for (const [start, end] of [[words, words.nextElementSibling], [document, words]]) {
    getSelection().setBaseAndExtent(start, 0, end, 0);
    document.dispatchEvent(new Event("pointerup"));
    await new Promise((done) => setTimeout(done));
  }
}"""


@pytest.fixture
def chat(alice):
    return alice.open(alice.talk(("Toss a coin", "Heads."), ("Again", "Tails.")))


def test_a_selection_is_quoted_into_the_box(chat):
    chat.body().select_text()
    chat.body().dispatch_event("pointerup")
    chat.page.get_by_role("button", name="Quote").click()
    expect(chat.box).to_have_value(re.compile(r"^> Tails\.\n"))


def test_a_paragraph_clicked_three_times_is_quoted(chat):
    chat.body().locator("p").last.click(click_count=3)
    chat.page.get_by_role("button", name="Quote").click()
    expect(chat.box).to_have_value(re.compile(r"^> Tails\.\n"))


def test_what_the_page_adds_to_code_is_not_quoted(alice):
    code = "So:\n\n```python\nprint(1)\n```\n\nThat is it."
    chat = alice.open(alice.talk(("Print", code)))
    expect(chat.body().locator(".code-block__strip")).to_be_visible()
    chat.body().select_text()
    chat.body().dispatch_event("pointerup")
    chat.page.get_by_role("button", name="Quote").click()
    expect(chat.box).to_have_value(re.compile(r"^> So:\n>\n(>\n)*> print\(1\)\n"))


def test_a_formula_is_quoted_as_its_source(alice):
    formulas = "So $\\frac{a}{b}$ is it:\n\n$$\\sqrt{2} < 1$$\n\nDone."
    chat = alice.open(alice.talk(("Divide", formulas)))
    chat.body().select_text()
    chat.body().dispatch_event("pointerup")
    chat.page.get_by_role("button", name="Quote").click()
    quoted = "> So $\\frac{a}{b}$ is it:\n>\n> $$\\sqrt{2} < 1$$\n>\n> Done.\n\n"
    expect(chat.box).to_have_value(quoted)


def test_a_part_of_a_formula_is_quoted_as_the_whole(alice):
    chat = alice.open(alice.talk(("Divide", "It is $\\frac{a}{b}$.")))
    chat.body().locator("mfrac").select_text()
    chat.body().dispatch_event("pointerup")
    chat.page.get_by_role("button", name="Quote").click()
    expect(chat.box).to_have_value("> $\\frac{a}{b}$\n\n")


def test_what_is_selected_outside_of_all_messages_is_no_quote(chat):
    errors = []
    chat.page.on("pageerror", lambda error: errors.append(error))
    chat.page.evaluate(SELECT_OUTSIDE)
    expect(chat.page.get_by_role("button", name="Quote")).to_have_count(0)
    assert errors == []


def test_a_copy_has_its_formatting_and_its_markdown(alice):
    chat = alice.open(alice.talk(("What is water?", "A **drink**.")))
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.reply.hover()
    chat.button("Copy this message").click()
    expect(chat.button("Copy this message")).to_have_attribute("data-done", "")
    read = """(type) => navigator.clipboard.read().then(([item]) =>
      item.getType(type)).then((blob) => blob.text())"""
    assert chat.page.evaluate(read, "text/plain") == "A **drink**."
    assert "<strong>drink</strong>" in chat.page.evaluate(read, "text/html")
