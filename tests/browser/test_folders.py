"""Folders in the list, and what is done to several conversations at once."""

import pytest
from playwright.sync_api import expect

from .lists import List, open_list
from .test_accessibility import PHONE, violations

REMEMBERED = "/open_folders=[0-9]/.test(document.cookie)"


@pytest.fixture
def work(alice, database):
    return database.add_folder(alice.username, "Work")


# ── folders ───────────────────────────────────────────────────────────────────────
def test_a_folder_is_made_named_and_removed_without_its_conversations(alice, database):
    conversation = alice.talk(title="To be kept")
    chat, listed = open_list(alice)
    other = List(alice.begin())
    listed.choose_of_list("New folder")
    name = chat.page.get_by_role("textbox", name="Name of the folder")
    expect(name).to_be_focused()
    name.fill("Work")
    name.press("Enter")
    expect(listed.names).to_have_text(["Work"])
    expect(other.names).to_have_text(["Work"])
    listed.choose(conversation, "Move to folder")
    listed.menu.get_by_role("button", name="Work").click()
    expect(listed.told).to_contain_text("Moved to “Work”.")
    assert database.folders_of(alice.username) == [("Work", ["To be kept"])]
    pk = int(chat.list.locator(".list-folder").get_attribute("data-folder"))
    expect(listed.folder(pk).locator("summary")).to_be_focused()
    listed.choose_of_folder(pk, "Name and persona")
    name.fill("Play")
    name.press("Enter")
    expect(listed.names).to_have_text(["Play"])
    expect(other.names).to_have_text(["Play"])
    listed.choose_of_folder(pk, "Remove the folder")
    listed.menu.get_by_role("button", name="Remove", exact=True).click()
    expect(listed.names).to_have_count(0)
    expect(other.names).to_have_count(0)
    expect(chat.item(conversation)).to_be_visible()
    assert listed.titles() == ["To be kept"]


def test_a_name_that_is_taken_can_be_written_anew(alice, work):
    _, listed = open_list(alice)
    listed.choose_of_list("New folder")
    name = listed.page.get_by_role("textbox", name="Name of the folder")
    name.fill("Work")
    name.press("Enter")
    expect(listed.told).to_contain_text("You have a folder of that name already.")
    expect(name).to_be_focused()
    expect(name).to_have_value("Work")
    name.press("End")
    name.press_sequentially(" and play")
    name.press("Enter")
    expect(listed.names).to_have_text(["Work", "Work and play"])
    expect(listed.menu).to_be_hidden()


def test_a_name_that_did_not_arrive_is_sent_by_the_same_key_once_more(alice):
    _, listed = open_list(alice)
    listed.choose_of_list("New folder")
    name = listed.page.get_by_role("textbox", name="Name of the folder")
    name.fill("Work")
    listed.page.route("**/folders/new/", lambda route: route.abort(), times=1)
    name.press("Enter")
    expect(listed.told.locator(".notice--error")).to_be_visible()
    name.press("Enter")
    expect(listed.names).to_have_text(["Work"])
    expect(listed.menu).to_be_hidden()


def test_what_is_unfolded_stays_so(alice, database, work):
    inside = alice.talk(title="Inside")
    database.change_conversation(inside, folder_id=work)
    chat, listed = open_list(alice)
    expect(chat.item(inside)).to_be_hidden()
    listed.unfold(work)
    expect(chat.item(inside)).to_be_visible()
    chat.page.wait_for_function(f"() => {REMEMBERED}")
    chat.reload()
    expect(chat.item(inside)).to_be_visible()
    listed.unfold(work)
    expect(chat.item(inside)).to_be_hidden()
    chat.page.wait_for_function(f"() => !{REMEMBERED}")
    chat.reload()
    expect(listed.folder(work)).to_be_visible()
    expect(chat.item(inside)).to_be_hidden()
    listed.unfold(work)
    listed.choose(inside, "Archive")
    expect(listed.folder(work).locator("summary")).to_be_focused()


def test_a_folder_of_many_goes_on_as_one_scrolls(alice, database, work):
    database.add_conversations(alice.username, 70)
    database.move_all(alice.username, work)
    chat, listed = open_list(alice)
    listed.unfold(work)
    items = listed.folder(work).get_by_role("listitem")
    expect(items).to_have_count(50)
    expect(items.first).to_contain_text("Talk 0")
    items.last.scroll_into_view_if_needed()
    expect(items).to_have_count(70)
    assert listed.titles() == [f"Talk {number}" for number in range(70)]


def test_one_is_dragged_into_a_folder_out_of_it_and_to_the_top(alice, database, work):
    conversation = alice.talk(title="Dragged")
    alice.talk(title="Another")
    chat, listed = open_list(alice)
    item = chat.item(conversation)
    listed.await_drags()
    item.drag_to(listed.folder(work).locator("summary"))
    expect(listed.told).to_contain_text("Moved to “Work”.")
    listed.unfold(work)
    expect(listed.folder(work).locator("a[rel=section]")).to_have_count(0)  # all here
    expect(listed.folder(work)).to_contain_text("Dragged")
    item.drag_to(chat.list.get_by_text("Another"))
    expect(listed.folder(work)).not_to_contain_text("Dragged")
    assert database.folders_of(alice.username) == [("Work", [])]
    listed.choose(conversation, "Pin")
    expect(listed.pinned).to_contain_text("Dragged")
    item.drag_to(chat.list.get_by_text("Another"))
    expect(listed.pinned).to_be_hidden()


def test_folders_are_put_in_order_by_mouse_and_by_keys(alice, database, work):
    play = database.add_folder(alice.username, "Play")
    chat, listed = open_list(alice)
    expect(listed.names).to_have_text(["Work", "Play"])
    listed.await_drags()
    upper = {"x": 40, "y": 4}
    listed.folder(play).locator("summary").drag_to(
        listed.folder(work).locator("summary"), target_position=upper
    )
    expect(listed.names).to_have_text(["Play", "Work"])
    listed.folder(play).get_by_role("button", name="Menu").focus()
    chat.page.keyboard.press("Enter")
    expect(listed.menu.get_by_text("Move down")).to_be_visible()
    listed.menu.get_by_text("Move down").press("Enter")
    expect(listed.names).to_have_text(["Work", "Play"])
    chat.reload()
    expect(listed.names).to_have_text(["Work", "Play"])


def test_a_new_chat_in_a_folder_is_with_its_persona_and_stands_there(
    alice, database, work, make_persona, provider
):
    slug = make_persona("Captain", instructions="Sail.")
    chat, listed = open_list(alice)
    listed.choose_of_folder(work, "Name and persona")
    chat.page.get_by_label("Persona of new chats").select_option(label="Captain")
    chat.page.get_by_role("button", name="Save").click()
    expect(listed.menu).to_be_hidden()
    listed.choose_of_folder(work, "New chat here")
    expect(chat.title).to_have_text("New chat in Work")
    expect(chat.page.locator(f"input[value={slug}]")).to_be_checked()
    chat.ask("Where are we?")
    assert database.folders_of(alice.username) == [("Work", ["Where are we?"])]
    listed.unfold(work)
    expect(listed.folder(work)).to_contain_text("Where are we?")


def test_what_is_unread_in_a_closed_folder_shows(alice, database, work, provider):
    hold = provider.hold()
    provider.reply_pieces(["Nobody ", hold, "looks."])
    chat = alice.begin()
    chat.send("Answer behind my back")
    expect(chat.body()).to_have_text("Nobody")
    database.change_conversation(chat.conversation, folder_id=work)
    chat.page.close()
    watching, listed = open_list(alice)
    summary = listed.folder(work).locator("summary")
    dot = "summary => getComputedStyle(summary, '::after').content"
    assert summary.evaluate(dot) == "none"
    hold.release()
    expect(listed.folder(work).locator(".list-item--unread")).to_have_count(1)
    assert summary.evaluate(dot) == '""'


# ── several at once ───────────────────────────────────────────────────────────────
def test_a_range_goes_into_the_bin_and_one_undo_brings_all_back(alice):
    talks = [alice.talk(title=f"Talk {number}") for number in range(5)][::-1]
    chat, listed = open_list(alice)
    other = List(alice.begin())
    listed.choose_of_list("Select several")
    expect(listed.bar.get_by_role("button", name="Archive")).to_be_disabled()
    listed.tick(talks[0])
    listed.tick(talks[3], modifiers=["Shift"])
    expect(listed.bar).to_contain_text("4 selected")
    chat.item(talks[1]).get_by_role("link").click()  # in this mode it ticks
    expect(listed.bar).to_contain_text("3 selected")
    assert violations(chat.page, "#sidebar") == []
    listed.bar.get_by_role("button", name="Move what is selected to the bin").click()
    expect(listed.told).to_contain_text("3 moved to the bin.")
    expect(listed.bar).to_be_hidden()
    assert listed.titles() == ["Talk 3", "Talk 0"]
    expect(other.chat.list.get_by_role("listitem")).to_have_count(2)
    listed.undo()
    everything = [f"Talk {number}" for number in (4, 3, 2, 1, 0)]
    for each in (listed, other):
        expect(each.chat.list.get_by_role("listitem")).to_have_count(5)
        assert each.titles() == everything


def test_several_are_moved_pinned_and_archived(alice, database, work):
    talks = [alice.talk(title=f"Talk {number}") for number in range(2)]
    chat, listed = open_list(alice)

    def select_both():
        listed.choose_of_list("Select several")
        for talk in talks:
            listed.tick(talk)

    select_both()
    listed.bar.get_by_role("button", name="Pin what is selected").click()
    expect(listed.told).to_contain_text("2 pinned.")
    listed.choose(talks[1], "Mark as unread")
    expect(chat.item(talks[1])).to_contain_class("list-item--unread")
    assert listed.titles() == ["Talk 1", "Talk 0"]
    listed.undo()
    select_both()
    listed.bar.get_by_role("button", name="Move what is selected to a folder").click()
    listed.menu.get_by_role("button", name="Work").click()
    expect(listed.told).to_contain_text("2 moved to “Work”.")
    assert len(database.folders_of(alice.username)[0][1]) == 2
    listed.unfold(work)
    select_both()
    listed.bar.get_by_role("button", name="Archive what is selected").click()
    expect(listed.told).to_contain_text("2 archived.")
    assert database.folders_of(alice.username) == [("Work", [])]


def test_selecting_by_keys_and_ending_by_escape(alice):
    talks = [alice.talk(title=f"Talk {number}") for number in range(3)]
    chat, listed = open_list(alice)
    listed.choose(talks[1], "Select")
    box = chat.item(talks[1]).get_by_role("checkbox")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    chat.page.keyboard.press("Space")
    expect(listed.bar).to_contain_text("Select conversations")
    chat.page.keyboard.press("Space")
    expect(listed.bar).to_contain_text("1 selected")
    chat.page.keyboard.press("ArrowDown")
    expect(chat.item(talks[0]).get_by_role("checkbox")).to_be_focused()
    chat.page.keyboard.press("Home")
    chat.page.keyboard.press("Shift+Space")
    expect(listed.bar).to_contain_text("2 selected")
    chat.page.keyboard.press("Escape")
    expect(listed.bar).to_be_hidden()
    expect(box).to_be_hidden()
    chat.item(talks[1]).get_by_role("link").click()
    expect(chat.title).to_have_text("Talk 1")


def test_selecting_on_a_phone(sign_in):
    alice = sign_in("alice", viewport=PHONE, has_touch=True)
    talk = alice.talk(title="One")
    chat, listed = open_list(alice)
    chat.page.get_by_role("button", name="Show the list").tap()
    chat.page.get_by_role("button", name="What you can do with the list").tap()
    chat.page.locator("#list-menu").get_by_text("Select several").tap()
    expect(listed.bar).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(listed.bar).to_be_hidden()
    expect(chat.list).to_be_in_viewport()  # the drawer stays
    chat.page.get_by_role("button", name="What you can do with the list").tap()
    chat.page.locator("#list-menu").get_by_text("Select several").tap()
    expect(listed.bar).to_be_visible()
    chat.item(talk).get_by_role("link").tap()
    expect(listed.bar).to_contain_text("1 selected")
    for button in listed.bar.get_by_role("button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    listed.bar.get_by_role("button", name="Archive").tap()
    expect(chat.item(talk)).to_have_count(0)
    expect(listed.told.get_by_role("button", name="Undo")).to_be_in_viewport()


def test_without_a_script_several_are_ticked_on_the_page_of_the_list(sign_in, database):
    plain = sign_in("plain", java_script_enabled=False)
    work = database.add_folder(plain.username, "Work")
    talks = [plain.talk(title=f"Talk {number}") for number in range(3)]
    page = plain.visit("/conversations/")
    for talk in talks[:2]:
        page.locator(f"#conversation-{talk}").get_by_role("checkbox").check()
    page.get_by_role("button", name="Move what is selected to the bin").click()
    expect(page.get_by_text("2 moved to the bin.")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(1)
    database.change_conversation(talks[2], folder_id=work)
    page.goto("/conversations/")
    page.locator(f"#folder-{work} summary").click()
    page.get_by_role("link", name="Show what is in it").click()
    expect(page.get_by_text("Talk 2")).to_be_visible()
