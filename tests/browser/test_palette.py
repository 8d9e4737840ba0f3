"""The command palette, and the sheet of keys."""

import re

import pytest
from playwright.sync_api import expect

from .chat import Chat
from .test_accessibility import PHONE, violations

DISPATCH = """(field, events) => {
  for (const [type, fields] of events) {
    const Kind = type === "keydown" ? KeyboardEvent : CompositionEvent;
    field.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, ...fields }));
  }
}"""
STARTS = "(all) => all.map((label) => label.getBoundingClientRect().left)"
PICKS = [
    ["compositionstart", {"data": ""}],
    ["compositionend", {"data": "봄"}],
    ["keydown", {"key": "Enter", "keyCode": 13}],
]


class Palette:
    def __init__(self, page):
        self.page = page
        self.dialog = page.get_by_role("dialog", name="Go to …")
        self.field = self.dialog.get_by_role("combobox")
        self.options = self.dialog.get_by_role("option")
        self.chosen = self.dialog.locator("[aria-selected=true]")

    def open(self):
        self.page.keyboard.press("Control+K")
        expect(self.field).to_be_focused()
        expect(self.options.first).to_be_visible()
        return self


@pytest.fixture
def talks(alice):
    titles = (
        "Plans for spring",
        "Zürich in three days",
        "How deep is the sea?",
        "A recipe",
    )
    return {title: alice.talk(title=title) for title in titles}


@pytest.fixture
def palette(alice, talks):
    return Palette(alice.open(talks["Plans for spring"]).page).open()


def test_a_conversation_is_found_by_typing_and_opened_by_enter(palette, talks):
    palette.page.keyboard.type("a re")  # all of it is in "Rename", too
    expect(palette.dialog).to_contain_text("“a re”")
    expect(palette.chosen).to_have_text("A recipe")
    palette.field.fill("")
    palette.page.keyboard.type("zurich")
    expect(palette.chosen).to_have_text("Zürich in three days")
    palette.page.keyboard.press("Enter")
    expect(palette.page).to_have_url(re.compile(talks["Zürich in three days"]))


def test_keys_that_come_before_the_script_and_the_list_count(alice, talks):
    page, held = alice.begin().page, []
    page.route("**/command-palette.*.js", lambda route: held.append(route))
    page.keyboard.press("Control+K")
    page.keyboard.type("how deep")
    page.keyboard.press("Enter")
    (script,) = held
    script.continue_()
    expect(page).to_have_url(re.compile(talks["How deep is the sea?"]))


def test_the_arrows_go_round_and_the_field_says_where(palette):
    palette.page.keyboard.type("in")
    expect(palette.dialog).to_contain_text("Search messages for “in”")
    first, last = palette.options.first, palette.options.last
    expect(first).to_have_attribute("aria-selected", "true")
    palette.page.keyboard.press("ArrowUp")
    expect(last).to_have_attribute("aria-selected", "true")
    active = palette.field.get_attribute("aria-activedescendant")
    assert active == last.get_attribute("id")
    palette.page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(palette.chosen).to_have_count(1)
    expect(palette.field).to_be_focused()


def test_what_is_found_is_said_within_the_dialog(palette):
    """A screen reader hears nothing from outside it."""
    said = palette.dialog.get_by_role("status").filter(has_text="result")
    palette.page.keyboard.type("zurich")
    expect(palette.chosen).to_have_text("Zürich in three days")
    expect(said).to_have_text(f"{palette.options.count()} results")
    palette.page.keyboard.press("Escape")
    expect(palette.dialog).to_be_hidden()
    palette.open()
    expect(said).to_have_text(f"{palette.options.count()} results")


def test_an_action_of_the_page_is_done(palette, database, talks):
    palette.page.keyboard.type("rename")
    expect(palette.chosen).to_have_text("Rename")
    palette.page.keyboard.press("Enter")
    expect(palette.dialog).to_be_hidden()
    title = palette.page.get_by_role("textbox", name="Title")
    expect(title.first).to_be_focused()


def test_what_is_done_with_the_last_message_is_an_action(palette, provider):
    chat = Chat(palette.page)
    palette.page.keyboard.type("regenerate")
    expect(palette.chosen).to_have_text("Regenerate this reply")
    palette.page.keyboard.press("Enter")
    expect(chat.reply).to_contain_text("2/2")


def test_the_theme_is_an_action(palette):
    palette.page.keyboard.type("theme dark")
    expect(palette.chosen).to_have_text("Theme: Dark")
    palette.page.keyboard.press("Enter")
    expect(palette.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_conversation_one_is_in_is_offered_only_when_it_is_typed(palette):
    name = "Plans for spring"
    expect(palette.options.filter(has_text="Zürich")).to_have_count(1)
    expect(palette.options.filter(has_text=name)).to_have_count(0)
    palette.page.keyboard.type("plans")
    expect(palette.options.filter(has_text=name)).to_have_count(1)


def test_a_persona_begins_a_chat_with_it(palette, make_persona):
    slug = make_persona("Captain")
    palette.page.keyboard.type("capt")
    expect(palette.chosen).to_have_text("Captain")
    palette.page.keyboard.press("Enter")
    expect(palette.page).to_have_url(re.compile(f"persona={slug}$"))


def test_a_page_is_gone_to(palette):
    palette.page.keyboard.type("prompts")
    palette.page.keyboard.press("Enter")
    expect(palette.page).to_have_url(re.compile("/prompts/$"))


def test_nothing_of_others_is_found(palette, bob):
    bob.talk(title="The secret of the reef")
    palette.page.keyboard.type("secret of")
    expect(palette.options).to_have_count(1)
    expect(palette.options).to_contain_text("Search messages for “secret of”")


def test_escape_closes_it_and_gives_the_focus_back(palette):
    palette.page.keyboard.type("sea")
    palette.page.keyboard.press("Escape")
    expect(palette.dialog).to_be_hidden()
    expect(
        palette.page.get_by_role("textbox", name="Message", exact=True)
    ).to_be_focused()
    palette.open()
    expect(palette.field).to_have_value("")


def test_the_enter_that_picks_a_word_chooses_nothing(palette):
    palette.page.keyboard.type("spring")
    expect(palette.chosen).to_have_text("Plans for spring")
    address = palette.page.url
    palette.field.evaluate(DISPATCH, PICKS)
    expect(palette.dialog).to_be_visible()
    assert palette.page.url == address


def test_words_are_selected_beyond_its_edge_and_a_click_beside_closes_it(palette):
    palette.page.keyboard.type("plans")
    box, mouse = palette.field.bounding_box(), palette.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(5, 5)
    mouse.up()
    expect(palette.dialog).to_be_visible()
    expect(palette.field).to_have_value("plans")
    mouse.click(5, 5)
    expect(palette.dialog).to_be_hidden()


def test_a_finger_opens_it_and_chooses(sign_in):
    alice = sign_in("alice", viewport=PHONE, has_touch=True, is_mobile=True)
    talk = alice.talk(title="By hand")
    page = alice.begin().page
    page.get_by_role("button", name="Show the list").tap()
    page.get_by_role("button", name="Go to …").tap()
    palette = Palette(page)
    palette.dialog.get_by_role("option", name="By hand").tap()
    expect(page).to_have_url(re.compile(talk))


def test_what_has_no_icon_begins_where_the_others_do(palette):
    palette.page.keyboard.type("html")
    expect(palette.options.last).to_have_text("Search messages for “html”")
    labels = palette.dialog.locator(".option__label")
    expect(labels.first).to_have_text("Web page (HTML)")
    assert len(set(labels.evaluate_all(STARTS))) == 1


def test_the_search_of_messages_comes_last_and_in_no_group(palette):
    palette.page.keyboard.type("new")
    expect(palette.options.last).to_have_text("Search messages for “new”")
    expect(palette.dialog.get_by_role("group", name="On this page")).to_be_visible()
    groups = palette.dialog.get_by_role("group")
    expect(groups.filter(has_text="Search messages")).to_have_count(0)


def test_hostile_titles_are_text(alice, palette):
    alice.talk(title="<img src=x onerror=alert(1)>")
    palette.page.keyboard.type("onerror")
    expect(palette.options.first).to_have_text("<img src=x onerror=alert(1)>")


def test_it_says_when_the_list_does_not_come(palette):
    palette.page.evaluate(
        "document.querySelector('command-palette').setAttribute('url', '/nowhere/')"
    )
    palette.page.keyboard.type("zzz")
    expect(palette.dialog).to_contain_text("The list could not be loaded.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_is_accessible(sign_in, scheme):
    alice = sign_in("alice", color_scheme=scheme, reduced_motion="reduce")
    palette = Palette(alice.open(alice.talk()).page).open()
    assert violations(palette.page) == []
    palette.page.keyboard.type("helper?")
    expect(palette.options).to_have_count(1)
    assert violations(palette.page) == []


def test_the_sheet_of_keys_opens_and_closes(alice):
    page = alice.begin().page
    page.keyboard.press("Control+/")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("New chat")
    expect(sheet.get_by_role("heading", name="Keyboard shortcuts")).to_be_focused()
    page.emulate_media(reduced_motion="reduce")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 500})
    sheet.get_by_role("term").last.scroll_into_view_if_needed()
    expect(sheet.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_the_sheet_is_a_page_as_well(alice):
    page = alice.visit("/shortcuts/")
    expect(page.get_by_role("heading", name="In the message box")).to_be_visible()
    assert violations(page) == []
