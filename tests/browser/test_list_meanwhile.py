"""What one is doing in the list while it changes goes on."""

import json
import re

from playwright.sync_api import expect

from .chat import Chat
from .lists import List, open_list

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


# ── what is heard ─────────────────────────────────────────────────────────────────
def test_a_folder_made_while_the_list_is_fetched_shows(alice):
    other = alice.talk(title="Other")
    chat, listed = open_list(alice)
    _, beside = open_list(alice)
    held = []
    hold = lambda route: held.append((route, route.fetch()))  # noqa: E731
    chat.page.route(FRAGMENT, hold, times=1)
    with chat.page.expect_request(FRAGMENT):
        make_folder(beside, "Work")
    make_folder(beside, "Play")
    tell_last(beside, other, chat)
    route, response = held.pop()
    route.fulfill(response=response)
    expect(listed.names).to_have_text(["Work", "Play"])
    expect(chat.item(other)).to_contain_text("Told last")


def test_what_one_does_oneself_is_not_taken_for_news(alice):
    """After a silence the server is asked for all that it could not tell."""
    first, second = alice.talk(title="First"), alice.talk(title="Second")
    talk = alice.talk(title="Mine")
    sockets, asked = [], []

    def answer(frame):
        asked.append(json.loads(frame)["since"])
        removed = {"type": "conversation.removed", "conversation": gone.pop(0)}
        sockets[-1].send(json.dumps(removed))

    def open_socket(socket):
        sockets.append(socket)
        socket.on_message(answer)

    gone = [first, second]
    chat = Chat(alice.context.new_page())
    chat.page.clock.install()
    chat.page.route_web_socket(re.compile("/ws/me/$"), open_socket)
    chat.page.goto("/")
    expect(chat.item(first)).to_have_count(0)
    chat.page.clock.fast_forward(60_000)
    List(chat).choose(talk, "Pin")
    expect(List(chat).pinned).to_contain_text("Mine")
    sockets[-1].close(code=1012)
    chat.page.clock.fast_forward(60_000)
    expect(chat.item(second)).to_have_count(0)
    assert asked[1] - asked[0] < 30
