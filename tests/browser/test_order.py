"""What one does to conversations in the list."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from .lists import List, open_list
from .test_accessibility import PHONE, violations

COMPOSE = """(input) => {
  input.value = "한국어";
  input.dispatchEvent(new CompositionEvent("compositionstart"));
  input.dispatchEvent(new KeyboardEvent("keydown",
    { key: "Enter", keyCode: 229, isComposing: true, bubbles: true }));
}"""


def now():
    return datetime.now(UTC)


def are_apart(one, other):
    """Whether neither lies over the other, one above the other."""
    upper, lower = sorted(
        (each.bounding_box() for each in (one, other)), key=lambda box: box["y"]
    )
    return upper["y"] + upper["height"] <= lower["y"]


# ── titles ────────────────────────────────────────────────────────────────────────
def test_the_title_over_the_thread_is_written_on(alice, database):
    conversation = alice.talk(title="The first title")
    chat, _ = open_list(alice, conversation)
    other = alice.begin()
    chat.title.get_by_role("button").click()
    field = chat.page.get_by_role("textbox", name="Title")
    expect(field).to_have_value("The first title")
    field.fill("A better one")
    field.press("Enter")
    expect(chat.title).to_have_text("A better one")
    expect(chat.title.get_by_role("button")).to_be_focused()
    expect(chat.item(conversation)).to_contain_text("A better one")
    expect(other.item(conversation)).to_contain_text("A better one")
    expect(chat.page).to_have_title("A better one · chatsite")


def test_a_title_is_written_on_in_the_list_too(alice):
    conversation = alice.talk(title="The first title")
    chat, listed = open_list(alice)
    listed.choose(conversation, "Rename")
    field = chat.page.get_by_role("textbox", name="Title")
    field.fill("A better one")
    field.press("Enter")
    expect(chat.item(conversation).get_by_role("link")).to_be_focused()
    expect(chat.item(conversation)).to_contain_text("A better one")


def test_escape_takes_a_title_back_and_an_input_methods_enter_is_its_own(alice):
    conversation = alice.talk(title="Kept")
    chat, _ = open_list(alice, conversation)
    chat.title.get_by_role("button").click()
    field = chat.page.get_by_role("textbox", name="Title")
    field.evaluate(COMPOSE)
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(chat.title.get_by_role("button")).to_be_focused()
    chat.reload()
    expect(chat.title).to_have_text("Kept")


def test_a_title_without_words_is_refused_and_the_old_one_stays(alice):
    conversation = alice.talk(title="Kept")
    chat, listed = open_list(alice, conversation)
    chat.page.clock.install()
    chat.page.clock.pause_at(now() + timedelta(hours=1))  # no notice goes by itself
    chat.title.get_by_role("button").click()
    field = chat.page.get_by_role("textbox", name="Title")
    field.fill("  ")
    field.press("Enter")
    expect(listed.told).to_contain_text("Write a name first.")
    expect(field).to_be_focused()
    chat.box.focus()  # whoever goes on leaves it as it was
    expect(chat.title).to_have_text("Kept")
    chat.title.get_by_role("button").click()
    field.fill("Better")
    field.press("Enter")
    expect(listed.told).to_be_empty()  # what was refused is done


# ── pinned, archived, in the bin ──────────────────────────────────────────────────
def test_what_is_pinned_stands_on_top_in_every_tab(alice):
    conversation = alice.talk(title="Important")
    alice.talk(title="Newer")
    chat, listed = open_list(alice)
    other = List(alice.begin())
    listed.choose(conversation, "Pin")
    for each in (listed, other):
        expect(each.pinned).to_contain_text("Important")
        expect(each.pinned).to_be_visible()
    listed.choose(conversation, "Unpin")
    for each in (listed, other):
        expect(each.pinned).to_be_hidden()
        assert each.titles() == ["Newer", "Important"]


def test_what_is_archived_is_kept_on_a_page_and_comes_back(alice):
    conversation = alice.talk(title="Put away")
    chat, listed = open_list(alice)
    other = alice.begin()
    listed.choose(conversation, "Archive")
    expect(chat.item(conversation)).to_have_count(0)
    expect(other.item(conversation)).to_have_count(0)
    listed.choose_of_list("Archive")
    page = chat.page
    expect(page.get_by_role("heading", name="Archive")).to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_text("Nothing is in the archive.")).to_be_visible()
    expect(other.item(conversation)).to_be_visible()


def test_undo_brings_back_what_went_into_the_bin(alice):
    conversation = alice.talk(title="Oh no")
    chat, listed = open_list(alice, alice.talk(title="Read now"))
    other = alice.begin()
    listed.choose(conversation, "Move to the bin")
    expect(listed.told).to_contain_text("Moved to the bin.")
    expect(chat.item(conversation)).to_have_count(0)
    expect(other.item(conversation)).to_have_count(0)
    near = chat.list.get_by_role("link", name="Read now")
    expect(near).to_be_focused()
    for key in ("Tab", "Shift+Tab", "Tab"):  # it is next to where one is
        undo = listed.told.get_by_role("button", name="Undo")
        expect(undo if key == "Shift+Tab" else near).to_be_focused()
        chat.page.keyboard.press(key)
    expect(undo).to_be_focused()
    chat.page.keyboard.press("Tab")
    expect(chat.list.get_by_role("button", name="Read now")).to_be_focused()
    listed.undo()
    expect(chat.item(conversation).get_by_role("link")).to_be_focused()
    expect(other.item(conversation)).to_be_visible()


def test_undo_is_a_key_away_but_in_a_text_it_is_the_texts_own(alice):
    conversation = alice.talk(title="Oh no")
    chat, listed = open_list(alice, alice.talk(title="Read now"))
    listed.choose(conversation, "Move to the bin")
    expect(listed.told).to_contain_text("Moved to the bin.")
    chat.box.press_sequentially("Typed")
    chat.box.press("Control+z")
    expect(chat.box).to_have_value("")
    expect(chat.item(conversation)).to_have_count(0)
    chat.list.get_by_role("link", name="Read now").press("Control+z")
    expect(chat.item(conversation)).to_be_visible()
    expect(listed.told).to_be_empty()


def test_the_notice_goes_by_itself_unless_one_looks_at_it(alice):
    conversation = alice.talk(title="Oh no")
    chat, listed = open_list(alice)
    chat.page.clock.install()
    listed.choose(conversation, "Archive")
    expect(listed.told).to_contain_text("Archived.")
    listed.told.get_by_role("button", name="Undo").focus()
    chat.page.clock.fast_forward(11_000)
    expect(listed.told).to_contain_text("Archived.")
    chat.box.focus()
    chat.page.clock.fast_forward(11_000)
    expect(listed.told).to_be_empty()


def test_the_page_of_what_goes_into_the_bin_becomes_a_new_chat(alice):
    beside, conversation = alice.talk(title="Beside"), alice.talk(title="Oh no")
    chat, listed = open_list(alice, conversation)
    other = alice.open(conversation)
    page = chat.page
    page.get_by_role("button", name="What you can do with this conversation").click()
    menu = page.locator("#thread-menu")
    menu.get_by_role("button", name="Move to the bin").click()
    expect(page.get_by_text("Moved to the bin.")).to_be_visible()
    expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    expect(other.notice).to_contain_text("not here any more")
    other.send("Are you there?")
    expect(other.box).to_have_value("")
    expect(other.notice).to_contain_text("not here any more")
    listed.choose(beside, "Archive")
    expect(listed.told).to_contain_text("Archived.")
    assert are_apart(listed.told, page.locator(".notices"))
    page.locator(".notices").get_by_role("button", name="Undo").click()
    expect(chat.item(conversation)).to_be_visible()
    expect(page.get_by_text("Moved to the bin.")).to_have_count(0)
    expect(other.notice).to_be_empty()
    expect(other.replies).to_have_count(2)
    other.expect_ended()


def test_the_bin_says_when_gives_back_and_asks_before_it_deletes(alice, database):
    kept, gone = alice.talk(title="Kept"), alice.talk(title="To go")
    for conversation in (kept, gone):
        database.change_conversation(conversation, deleted_at=now())
    page = alice.visit("/bin/")
    expect(page.get_by_text("Gone on").first).to_be_visible()
    row = page.locator(f"#binned-{kept}")
    row.get_by_role("button", name="Restore").click()
    expect(row).to_have_count(0)
    row = page.locator(f"#binned-{gone}")
    sure = row.get_by_role("button", name="Delete for good")
    expect(sure).to_be_hidden()
    restore = row.get_by_role("button", name="Restore")
    place = restore.bounding_box()
    row.get_by_label("Delete now").click()
    expect(row.get_by_text("Nobody can bring it back.")).to_be_visible()
    assert restore.bounding_box() == place, "not under the pointer, for a second click"
    sure.click()
    expect(page.get_by_text("The bin is empty.")).to_be_visible()
    assert database.conversation_of(gone) is None
    assert database.conversation_of(kept)["deleted_at"] is None


def test_the_bin_is_emptied_after_a_question(alice, database):
    gone = alice.talk(title="To go")
    database.change_conversation(gone, deleted_at=now())
    page = alice.visit("/bin/")
    page.get_by_text("Empty the bin").click()
    page.get_by_role("button", name="Delete all for good").click()
    expect(page.get_by_text("The bin is empty.")).to_be_visible()
    assert database.conversation_of(gone) is None


def test_marked_as_unread_it_has_a_dot_in_every_tab(alice):
    conversation = alice.talk(title="Later")
    chat, listed = open_list(alice)
    other = alice.begin()
    listed.choose(conversation, "Mark as unread")
    for each in (chat, other):
        expect(each.item(conversation)).to_contain_class("list-item--unread")
    listed.choose(conversation, "Mark as read")
    for each in (chat, other):
        expect(each.item(conversation)).not_to_contain_class("list-item--unread")


# ── without a connection or a script ──────────────────────────────────────────────
def test_what_cannot_be_done_is_said(sign_in, proxy):
    alice = sign_in("alice", address=proxy.url)
    conversation = alice.talk(title="Stays")
    chat, listed = open_list(alice)
    listed.open_menu(conversation)
    proxy.go_down()
    listed.menu.get_by_role("button", name="Archive").click()
    expect(listed.told).to_contain_text("That could not be done.")
    expect(chat.item(conversation)).to_be_visible()
    chat.page.set_viewport_size(PHONE)
    alice.context.set_offline(True)
    expect(chat.notice).to_be_visible()
    assert are_apart(listed.told, chat.notice)
    chat.page.get_by_role("button", name="Show the list").click()
    assert are_apart(listed.told, chat.page.locator(".sidebar__new"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_list_are_accessible(alice, database, scheme):
    database.change_conversation(alice.talk(), deleted_at=now())
    database.change_conversation(alice.talk(), archived_at=now())
    folder = database.add_folder(alice.username, "Work")
    paths = ("/bin/", "/archive/", "/folders/", f"/folders/{folder}/rename/")
    page = alice.visit("/")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in (*paths, f"/c/{alice.talk()}/menu/"):
        page.goto(path)
        assert violations(page) == [], path


def test_without_a_script_all_is_done_by_forms(sign_in, database):
    plain = sign_in("plain", java_script_enabled=False)
    folder = database.add_folder(plain.username, "Work")
    conversation = plain.talk(title="Plain")
    page = plain.open(conversation).page
    page.locator("#conversation-title").get_by_role("button").click()
    page.locator("input[name=title]").fill("Renamed")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator("#conversation-title")).to_have_text("Renamed")
    page.goto(f"/c/{conversation}/menu/")
    page.locator(".arrange").get_by_role("button", name="Move to folder").click()
    page.get_by_role("button", name="Work", exact=True).click()
    expect(page.get_by_text("Moved to “Work”.")).to_be_visible()
    assert database.conversation_of(conversation)["folder_id"] == folder
    page.goto(f"/c/{conversation}/menu/")
    page.locator(".arrange").get_by_role("button", name="Move to the bin").click()
    page.get_by_role("button", name="Undo").click()
    assert database.conversation_of(conversation)["deleted_at"] is None
