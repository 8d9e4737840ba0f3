"""What one is doing in the list while it changes goes on."""

import re

from playwright.sync_api import expect

from .lists import open_list

FRAGMENT = re.compile(r"/conversations/\?fragment=1")


def make_folder(listed, name):
    listed.choose_of_list("New folder")
    listed.page.get_by_role("textbox", name="Name of the folder").fill(name)
    listed.page.keyboard.press("Enter")
    expect(listed.names.last).to_have_text(name)


def write_title(listed, conversation, title):
    """Begin to write on a title in the list; return the field."""
    listed.choose(conversation, "Rename")
    field = listed.chat.list.get_by_role("textbox", name="Title")
    field.press_sequentially(title)
    return field


def tell_last(listed, conversation, watching):
    """Return once `watching` has heard all that the tab of `listed` did before."""
    field = write_title(listed, conversation, "Told last")
    field.press("Enter")
    expect(watching.item(conversation)).to_contain_text("Told last")


# ── titles ────────────────────────────────────────────────────────────────────────
def test_a_title_is_written_on_while_its_conversation_goes_on(alice):
    conversation, other = alice.talk(title="The old one"), alice.talk(title="Other")
    chat, listed = open_list(alice)
    elsewhere, beside = open_list(alice, conversation)
    field = write_title(listed, conversation, "Half a ti")
    elsewhere.ask("Are you still there?")
    tell_last(beside, other, chat)
    expect(field).to_be_focused()
    field.press_sequentially("tle")
    field.press("Enter")
    expect(chat.list.get_by_role("listitem").first).to_contain_text("Half a title")
    expect(chat.item(conversation).get_by_role("link")).to_be_focused()
    expect(elsewhere.title).to_have_text("Half a title")


def test_a_title_is_written_on_while_a_folder_is_made_elsewhere(alice):
    conversation, other = alice.talk(title="Written on"), alice.talk(title="Other")
    chat, listed = open_list(alice)
    elsewhere, beside = open_list(alice)
    field = write_title(listed, conversation, "Half a ti")
    with chat.page.expect_response(FRAGMENT):
        make_folder(beside, "Work")
    tell_last(beside, other, chat)
    expect(field).to_be_focused()
    expect(elsewhere.item(conversation)).to_contain_text("Written on")
    field.press_sequentially("tle")
    field.press("Enter")
    expect(elsewhere.item(conversation)).to_contain_text("Half a title")
    expect(listed.names).to_have_text(["Work"])
    expect(chat.item(conversation)).to_contain_text("Half a title")


def test_a_title_is_given_up_with_its_conversation(alice):
    conversation, other = alice.talk(title="To go"), alice.talk(title="Other")
    chat, listed = open_list(alice)
    _, beside = open_list(alice)
    field = write_title(listed, conversation, "Half a ti")
    beside.choose(conversation, "Archive")
    expect(field).to_have_count(0)
    expect(chat.item(conversation)).to_have_count(0)
    beside.undo()
    expect(chat.item(conversation)).to_contain_text("To go")
    expect(chat.item(other)).to_be_visible()
