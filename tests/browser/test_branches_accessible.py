"""What can be done with a message, by axe: in menus, dialogs, and as pages."""

import pytest
from playwright.sync_api import expect

from .test_accessibility import expect_accessible
from .test_branches import edit, menu
from .test_compare import compare


@pytest.fixture
def critic(make_persona):
    return make_persona("Critic", instructions="Find fault.", greeting="Well?")


@pytest.fixture
def operator(sign_in):
    return sign_in("olga", fields={"is_superuser": True, "is_staff": True})


@pytest.fixture
def chat(operator, critic):
    return operator.open(operator.talk(("Toss a coin", "Heads.")))


def test_the_menu_and_its_dialogs(chat):
    opened = menu(chat)
    opened.get_by_role("button", name="Bad").click()
    expect(opened.get_by_role("textbox", name="Note")).to_be_visible()
    expect_accessible(chat.page)
    for name, title in (
        ("Regenerate with…", "Regenerate with…"),
        ("Compare with…", "Compare two replies"),
    ):
        chat.page.get_by_role("link", name=name).click()
        dialog = chat.page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        expect_accessible(chat.page)
        dialog.get_by_role("button", name="Cancel").click()
        menu(chat)


def test_the_editor_and_two_replies_side_by_side(chat, provider):
    edit(chat, chat.question, "Toss it again")
    expect_accessible(chat.page)
    chat.page.keyboard.press("Escape")
    provider.reply("I doubt it.")
    compare(chat, chat.reply)
    chat.expect_ended()
    expect_accessible(chat.page)


def test_the_pages(chat):
    message = chat.reply.get_attribute("data-message")
    question = chat.question.get_attribute("data-message")
    start = f"/c/{chat.conversation}"
    for path in (
        f"{start}/messages/{message}/",
        f"{start}/messages/{question}/edit/",
        f"{start}/messages/{message}/again/",
        f"{start}/messages/{message}/compare/",
        f"{start}/?message={message}",
        "/personas/assistant/versions/1/",
    ):
        chat.page.goto(path)
        expect_accessible(chat.page)
