"""A browser that runs no script: everything is read, and what matters is done."""

import re

import pytest
from playwright.sync_api import expect

from tests.base import PASSWORD
from tests.fakes import HANG

from .chat import ADDRESS, Chat


@pytest.fixture
def plain(sign_in):
    return sign_in("plain", java_script_enabled=False)


def send(chat, text):
    chat.box.fill(text)
    chat.send_button.click()


def test_one_signs_in_and_out(visitor, database):
    username = database.add_user("plain", password=PASSWORD)
    page = visitor(java_script_enabled=False).visit()
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_one_chooses_a_persona_and_sees_the_reply_grow(plain, provider, make_persona):
    slug = make_persona("Captain", greeting="Ahoy there.", instructions="Sail.")
    hold = provider.hold()
    provider.reply_pieces(["Half of it, ", hold, "and all of it."])
    chat = plain.begin()
    expect(chat.page.get_by_text("Ahoy there.")).to_be_hidden()
    chat.page.locator(f"input[value={slug}]").check(force=True)
    expect(chat.page.get_by_text("Ahoy there.")).to_be_visible()
    send(chat, "How deep is the sea?")
    expect(chat.page).to_have_url(ADDRESS)
    expect(chat.body(chat.question)).to_have_text("How deep is the sea?")
    expect(chat.body()).to_have_text("Half of it,")
    hold.release()
    expect(chat.body()).to_have_text("Half of it, and all of it.")
    chat.expect_ended()
    assert provider.bodies[0]["messages"][0]["content"] == "Sail."


def test_a_starter_is_one_click(plain):
    chat = plain.begin()
    starter = chat.page.locator("button[name=starter]:visible").first
    text = starter.inner_text()
    starter.click()
    expect(chat.body(chat.question)).to_have_text(text)


def test_a_conversation_goes_on(plain, provider):
    provider.reply("You said hello.")
    chat = plain.open(plain.talk(("Hello", "Hello.")))
    send(chat, "What did I say?")
    chat.expect_ended()
    expect(chat.body()).to_have_text("You said hello.")
    history = [message["content"] for message in provider.bodies[-1]["messages"][1:]]
    assert history == ["Hello", "Hello.", "What did I say?"]


def test_a_reply_is_stopped_continued_and_asked_for_again(plain, provider):
    provider.reply_pieces(["So far", HANG])
    provider.reply(" so good.")
    provider.reply("Another one.")
    chat = plain.open(plain.talk())
    send(chat, "How is it?")
    expect(chat.body()).to_have_text("So far")
    chat.button("Stop").click()
    chat.expect_ended("stopped")
    chat.button("Continue").click()
    expect(chat.body()).to_have_text("So far so good.")
    chat.expect_ended()
    chat.button("Regenerate this reply").click()
    expect(chat.body()).to_have_text("Another one.")
    chat.expect_ended()
    chat.button("Show the version before").click()
    expect(chat.body()).to_have_text("So far so good.")


def test_older_messages_and_conversations_can_be_read(plain, database):
    database.add_conversations(plain.username, 60)
    turns = [(f"Question {number}", "An answer.") for number in range(30)]
    page = plain.open(plain.talk(*turns)).page
    page.get_by_role("link", name="Earlier messages").click()
    expect(page.get_by_text("Question 0", exact=True)).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="Older conversations").click()
    expect(page.get_by_text("Talk 59")).to_be_visible()
    page.get_by_text("Talk 59").click()
    expect(page.locator("#conversation-title")).to_have_text("Talk 59")


def test_what_is_refused_keeps_its_text(plain):
    chat = plain.open(plain.talk())
    limit = int(chat.box.get_attribute("data-limit"))
    send(chat, "x" * (limit + 1))
    expect(chat.page.get_by_role("alert")).to_contain_text("at most")
    assert len(chat.box.input_value()) == limit + 1


def test_no_button_is_shown_that_would_do_nothing(plain):
    chat = plain.open(plain.talk())
    for name in ("Copy this message", "Hide the list", "To the end"):
        expect(chat.page.get_by_role("button", name=name)).to_have_count(0)


def test_on_a_phone_the_list_is_a_page(sign_in):
    size = {"width": 390, "height": 844}
    plain = sign_in("plain", java_script_enabled=False, viewport=size)
    chat = Chat(plain.visit(f"/c/{plain.talk(title='On the phone')}/"))
    chat.page.get_by_role("link", name="Conversations").click()
    expect(chat.page.get_by_role("heading", name="Conversations")).to_be_visible()
    chat.page.get_by_role("link", name="On the phone").click()
    expect(chat.title).to_have_text("On the phone")
