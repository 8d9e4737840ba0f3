"""One question, two replies side by side, until one of them is kept."""

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def critic(make_persona):
    return make_persona("Critic", instructions="Find fault.")


@pytest.fixture
def chat(alice, critic):
    return alice.open(alice.talk(("Toss a coin", "Heads.")))


def compare(chat, message, first=None):
    """Ask two for a reply to `message`, or another besides the reply it is."""
    message.hover()
    message.get_by_role("link", name="What you can do with this message").click()
    chat.page.locator('#message-menu a[href$="/compare/"]').click()
    dialog = chat.page.get_by_role("dialog", name="Compare two replies")
    if first:
        dialog.get_by_role("combobox", name="Persona").first.select_option(label=first)
    second = dialog.get_by_role("combobox", name="Persona").last
    second.select_option(label="Critic")
    dialog.get_by_role("button", name="Compare").click()
    expect(chat.page.get_by_role("button", name="Keep this one").last).to_be_visible()


def keep(chat, reply):
    reply.get_by_role("button", name="Keep this one").click()


def expect_side_by_side(chat):
    left, right = (reply.bounding_box() for reply in chat.replies.all())
    assert abs(left["y"] - right["y"]) < 2
    assert left["x"] + left["width"] <= right["x"] + 1
    assert abs(left["width"] - right["width"]) < 32


def test_two_stream_at_once_side_by_side_and_one_is_kept(chat, provider):
    holds = [
        provider.reply("The first one speaks for a while.", hold_at=0.4, chunk=4),
        provider.reply("The second one speaks as well.", hold_at=0.4, chunk=4),
    ]
    compare(chat, chat.question)
    expect(chat.replies).to_have_count(2)
    for reply in chat.replies.all():
        expect(chat.body(reply)).to_contain_text("The ")
        expect(reply).to_have_attribute("data-state", "running")
    expect_side_by_side(chat)
    chat.reload()
    expect(chat.replies).to_have_count(2)
    expect_side_by_side(chat)
    for hold in holds:
        hold.release()
    for reply in chat.replies.all():
        expect(reply).to_have_attribute("data-state", "finished")
    assert chat.body(chat.replies.first).inner_text().endswith("while.") or (
        chat.body(chat.replies.first).inner_text().endswith("well.")
    )
    kept = chat.body(chat.replies.last).inner_text()
    keep(chat, chat.replies.last)
    expect(chat.replies).to_have_count(1)
    expect(chat.body()).to_have_text(kept)
    expect(chat.reply.locator('[data-part="siblings"]')).to_have_text("3/3")
    chat.reload()
    expect(chat.replies).to_have_count(1)
    expect(chat.body()).to_have_text(kept)


def test_stop_stops_both(chat, provider):
    for _ in range(2):
        provider.reply("It goes on and on and on.", hold_at=0.4, chunk=4)
    compare(chat, chat.question)
    for reply in chat.replies.all():
        expect(chat.body(reply)).to_contain_text("It")
    chat.stop_button.click()
    expect(chat.replies).to_have_count(2)
    for reply in chat.replies.all():
        expect(reply).to_have_attribute("data-state", "stopped")


def test_a_reply_is_compared_with_that_of_another(chat, provider):
    provider.reply("I doubt it.")
    compare(chat, chat.reply)
    expect(chat.replies).to_have_count(2)
    expect(chat.body(chat.replies.first)).to_have_text("Heads.")
    expect(chat.body()).to_have_text("I doubt it.")
    expect_side_by_side(chat)


def test_who_writes_on_goes_on_with_one_of_them(chat, provider):
    provider.reply("I doubt it.")
    compare(chat, chat.reply)
    chat.expect_ended()
    provider.reply("Because.")
    chat.send("Why?")
    expect(chat.body()).to_have_text("Because.")
    expect(chat.replies).to_have_count(2)
    expect(chat.body(chat.replies.first)).to_have_text("I doubt it.")
    expect(chat.page.get_by_role("button", name="Keep this one")).to_have_count(0)
    chat.reload()
    expect(chat.replies).to_have_count(2)
    expect(chat.body(chat.replies.first)).to_have_text("I doubt it.")


def test_another_tab_sees_both_and_which_was_kept(alice, critic, provider):
    conversation = alice.talk(("Toss a coin", "Heads."))
    asking, other = alice.open(conversation), alice.open(conversation)
    provider.reply("I doubt it.")
    compare(asking, asking.reply)
    expect(other.replies).to_have_count(2)
    expect(other.body(other.replies.last)).to_have_text("I doubt it.")
    expect_side_by_side(other)
    asking.expect_ended()
    keep(asking, asking.replies.first)
    for chat in (asking, other):
        expect(chat.replies).to_have_count(1)
        expect(chat.body()).to_have_text("Heads.")


def test_on_a_phone_one_of_them_is_open(sign_in, critic, provider):
    alice = sign_in("alice", viewport=PHONE, has_touch=True)
    chat = alice.open(alice.talk(("Toss a coin", "Heads.")))
    provider.reply("I doubt it.")
    compare(chat, chat.reply)
    chat.expect_ended()
    expect(chat.body(chat.replies.first)).to_be_hidden()
    expect(chat.body()).to_be_visible()
    chat.replies.first.get_by_role("button", name="Show this reply").click()
    expect(chat.body(chat.replies.first)).to_be_visible()
    expect(chat.body()).to_be_hidden()
    provider.reply("Because.")
    chat.box.fill("Why?")
    chat.send_button.tap()
    expect(chat.body()).to_have_text("Because.")
    expect(chat.body(chat.replies.first)).to_have_text("Heads.")


def test_two_are_compared_without_javascript(sign_in, critic, provider):
    alice = sign_in("alice", java_script_enabled=False)
    chat = alice.open(alice.talk(("Toss a coin", "Heads.")))
    provider.reply("I doubt it.")
    page = chat.page
    chat.reply.get_by_role("link", name="What you can do with this message").click()
    page.get_by_role("link", name="Compare with…").click()
    page.get_by_role("combobox", name="Persona").last.select_option(label="Critic")
    page.get_by_role("button", name="Compare").click()
    expect(chat.replies).to_have_count(2)
    expect(chat.body()).to_have_text("I doubt it.")
    keep(chat, chat.replies.first)
    expect(chat.replies).to_have_count(1)
    expect(chat.body()).to_have_text("Heads.")
