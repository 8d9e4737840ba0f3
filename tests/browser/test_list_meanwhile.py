"""What one is doing in the list while it changes goes on."""

import json
import re

import pytest
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


# ── several at once ───────────────────────────────────────────────────────────────
@pytest.fixture
def talks(alice):
    return [alice.talk(title=f"Talk {number}") for number in range(3)][::-1]


def select_two(listed, talks):
    listed.choose_of_list("Select several")
    for talk in talks[:2]:
        listed.tick(talk)
    expect(listed.bar).to_contain_text("2 selected")


def test_what_is_selected_stays_so_while_a_folder_is_made_elsewhere(alice, talks):
    chat, listed = open_list(alice)
    select_two(listed, talks)
    make_folder(List(alice.begin()), "Work")
    expect(listed.names).to_have_text(["Work"])
    expect(listed.bar).to_contain_text("2 selected")
    expect(chat.list.get_by_role("checkbox", checked=True)).to_have_count(2)
    listed.tick(talks[2], modifiers=["Shift"])  # on from the one ticked last
    expect(listed.bar).to_contain_text("3 selected")
    listed.bar.get_by_role("button", name="Archive").click()
    expect(listed.told).to_contain_text("3 archived.")


def test_what_is_selected_in_a_folder_stays_so_too(alice, database, talks):
    work = database.add_folder(alice.username, "Work")
    database.move_all(alice.username, work)
    chat, listed = open_list(alice)
    listed.unfold(work)
    select_two(listed, talks)
    make_folder(List(alice.begin()), "Play")
    expect(listed.names).to_have_text(["Work", "Play"])
    expect(chat.list.get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(listed.bar).to_contain_text("2 selected")


def test_what_is_selected_goes_into_the_folder_made_for_it(alice, database, talks):
    _, listed = open_list(alice)
    select_two(listed, talks)
    listed.bar.get_by_role("button", name="Move what is selected to a folder").click()
    listed.menu.get_by_role("button", name="New folder").click()
    listed.page.get_by_role("textbox", name="Name of the folder").fill("Work")
    listed.page.keyboard.press("Enter")
    expect(listed.told).to_contain_text("2 moved to “Work”.")
    expect(listed.bar).to_be_hidden()
    folders = [("Work", ["Talk 1", "Talk 2"])]
    assert [(n, sorted(t)) for n, t in database.folders_of(alice.username)] == folders
    listed.undo()
    expect(listed.chat.list.get_by_role("listitem")).to_have_count(3)
    assert database.folders_of(alice.username) == [("Work", [])]


def test_one_goes_into_the_folder_made_for_it(alice, database, talks):
    _, listed = open_list(alice)
    listed.choose(talks[0], "Move to folder")
    listed.menu.get_by_role("button", name="New folder").click()
    listed.page.get_by_role("textbox", name="Name of the folder").fill("Work")
    listed.page.keyboard.press("Enter")
    expect(listed.told).to_contain_text("Moved to “Work”.")
    assert database.folders_of(alice.username) == [("Work", ["Talk 2"])]


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
