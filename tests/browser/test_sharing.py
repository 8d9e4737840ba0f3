"""Links to a conversation: made, copied, read, renewed, taken back, gone on with."""

import re

import pytest
from playwright.sync_api import expect

from tests.base import PASSWORD

from .chat import ADDRESS, Chat
from .test_hostile_text import HOSTILE, SHORT, expect_harmless

MENU = "What you can do with this conversation"
LINK = re.compile(r"/s/[\w-]{32}/$")


class Dialog:
    """The dialog over a conversation, in which its links are."""

    def __init__(self, chat):
        self.page = chat.page
        self.page.get_by_role("button", name=MENU).click()
        self.page.get_by_role("link", name="Share").click()
        self.root = self.page.get_by_role("dialog", name="Share this conversation")
        expect(self.root).to_be_visible()

    def button(self, name):
        return self.root.get_by_role("button", name=name)

    def make(self, audience="Anyone with the link"):
        self.root.get_by_role("radio", name=audience).check()
        self.button("Create a link").click()

    @property
    def links(self):
        return self.root.get_by_role("textbox", name="Link")

    @property
    def path(self):
        """The path of the last link that was made."""
        expect(self.links.first).to_have_value(LINK)
        return LINK.search(self.links.first.input_value())[0]


@pytest.fixture
def plain(sign_in):
    return sign_in("plain", java_script_enabled=False)


@pytest.fixture
def stranger(visitor):
    """Somebody without an account whose browser runs no script."""
    return visitor(java_script_enabled=False)


def expect_missing(page):
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_link_is_made_copied_read_and_taken_back(alice, stranger):
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog = Dialog(alice.open(alice.talk(title="About water")))
    expect(dialog.root).to_contain_text("It does not show other branches")
    dialog.make()
    path = dialog.path
    expect(dialog.links.first).to_be_focused()
    dialog.button("Copy the link").click()
    expect(dialog.root.get_by_text("Copied.")).to_be_attached()
    copied = dialog.page.evaluate("navigator.clipboard.readText()")
    assert copied == dialog.links.first.input_value()
    page = stranger.visit(path)
    expect(page.get_by_role("heading", name="About water")).to_be_visible()
    expect(page.get_by_text("What is water?")).to_be_visible()
    expect(page.get_by_text("A drink.")).to_be_visible()
    dialog.button("Take back").click()
    expect(dialog.root).to_contain_text("Nobody can open that link now.")
    expect(dialog.links).to_have_count(0)
    expect(dialog.root.get_by_role("radio", checked=True)).to_be_focused()
    page.reload()
    expect_missing(page)
    expect(page.get_by_text("A drink.")).to_have_count(0)


def test_a_wrong_name_is_told_and_nothing_is_lost(alice, bob, sign_in):
    dialog = Dialog(alice.open(alice.talk()))
    names = dialog.root.get_by_role("textbox", name="Their user names")
    expect(names).to_be_hidden()
    dialog.root.get_by_role("radio", name="Chosen people").check()
    names.fill(f"{bob.username}, nobody-at-all")
    names.press("Enter")
    expect(dialog.root).to_contain_text("Nobody here is called “nobody-at-all”")
    expect(names).to_be_focused()
    expect(names).to_have_value(f"{bob.username}, nobody-at-all")
    expect(names).to_have_accessible_description(re.compile("^Nobody here is called"))
    names.fill(bob.username)
    dialog.button("Create a link").click()
    path = dialog.path
    dialog.page.set_viewport_size({"width": 390, "height": 500})
    dialog.button("Create a link").scroll_into_view_if_needed()
    expect(dialog.button("Close")).to_be_in_viewport(ratio=1)
    expect(dialog.root).to_contain_text(f"Chosen people: {bob.username}")
    expect(bob.visit(path).get_by_text("A drink.")).to_be_visible()
    expect_missing(sign_in("carol").visit(path))


def test_renewed_it_shows_what_came_since_under_the_same_link(alice, provider):
    provider.reply("Cold.")
    chat = alice.open(alice.talk())
    path = alice.database.share(chat.conversation)
    chat.ask("And ice?")
    reader = alice.visit(path)
    expect(reader.get_by_text("A drink.")).to_be_visible()
    expect(reader.get_by_text("Cold.")).to_have_count(0)
    dialog = Dialog(chat)
    dialog.button("Renew").click()
    expect(dialog.root).to_contain_text("The link shows the conversation as it is now.")
    assert dialog.path == path
    reader.reload()
    expect(reader.get_by_text("Cold.")).to_be_visible()


def test_the_branch_on_the_page_is_the_one_that_is_shared(alice, provider):
    """Another tab of the same person has chosen another since."""
    provider.reply("Another answer.")
    chat = alice.open(alice.talk())
    chat.button("Regenerate this reply").click()
    expect(chat.body()).to_have_text("Another answer.")
    chat.expect_ended()
    here = alice.open(chat.conversation)
    expect(here.body()).to_have_text("Another answer.")
    chat.button("Show the version before").click()
    expect(chat.body()).to_have_text("A drink.")
    expect(here.body()).to_have_text("Another answer.")
    dialog = Dialog(here)
    dialog.make()
    reader = alice.visit(dialog.path)
    expect(reader.get_by_text("Another answer.")).to_be_visible()
    expect(reader.get_by_text("A drink.")).to_have_count(0)


def test_the_dialog_gives_the_focus_back(alice):
    dialog = Dialog(alice.open(alice.talk()))
    dialog.page.keyboard.press("Escape")
    expect(dialog.root).to_be_hidden()
    menu = dialog.page.get_by_role("button", name=MENU)
    expect(menu).to_be_focused()
    dialog = Dialog(Chat(dialog.page))
    dialog.button("Close").click()
    expect(dialog.root).to_be_hidden()


def test_another_conversation_is_shared_from_the_list(alice):
    here, there = alice.talk(), alice.talk(("And ice?", "Cold."), title="About ice")
    chat = alice.open(here)
    more = chat.item(there).get_by_role("button")
    more.focus()
    more.press("Enter")
    chat.page.get_by_role("link", name="Share").press("Enter")
    dialog = chat.page.get_by_role("dialog", name="Share this conversation")
    dialog.get_by_role("button", name="Create a link").click()
    link = dialog.get_by_role("textbox", name="Link").input_value()
    chat.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(alice.visit(LINK.search(link)[0]).get_by_text("Cold.")).to_be_visible()


def test_without_javascript_it_is_a_page(plain, stranger):
    page = plain.visit(f"/c/{plain.talk(title='About water')}/share/")
    expect(page.get_by_role("button", name="Copy the link")).to_have_count(0)
    names = page.get_by_role("textbox", name="Their user names")
    expect(names).to_be_hidden()
    page.get_by_role("radio", name="Chosen people").check()
    names.fill("nobody-at-all")
    page.get_by_role("button", name="Create a link").click()
    expect(page.get_by_text("Nobody here is called “nobody-at-all”")).to_be_visible()
    expect(names).to_have_value("nobody-at-all")
    page.get_by_role("radio", name="Anyone with the link").check()
    page.get_by_role("button", name="Create a link").click()
    expect(page.get_by_text("The link is made.")).to_be_visible()
    path = LINK.search(page.get_by_role("textbox", name="Link").input_value())[0]
    reader = stranger.visit(path)
    expect(reader.get_by_role("heading", name="About water")).to_be_visible()
    page.goto("/shares/")
    page.get_by_role("button", name="Renew").click()
    expect(page.get_by_text("The link shows the conversation")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("You have shared nothing.")).to_be_visible()
    reader.reload()
    expect_missing(reader)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_one_signs_in_and_goes_on_with_a_copy(
    alice, visitor, database, provider, scripts
):
    provider.reply("Cold.")
    original = alice.talk(title="About water")
    path = database.share(original)
    username = database.add_user("reader", password=PASSWORD)
    reader = visitor(java_script_enabled=scripts)
    page = reader.visit(path)
    page.get_by_role("link", name="Continue as my own").click()
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Continue as my own")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(ADDRESS)
    chat = Chat(page)
    expect(chat.title).to_have_text("About water")
    expect(chat.body()).to_have_text("A drink.")
    chat.box.fill("And ice?")
    chat.send_button.click()
    expect(chat.body()).to_have_text("Cold.")
    asked = [message["content"] for message in provider.bodies[-1]["messages"][-3:]]
    assert asked == ["What is water?", "A drink.", "And ice?"]
    assert len(database.texts(original)) == 2


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_hostile_text_stays_text(sign_in, visitor, database, make_persona, scripts):
    alice = sign_in("alice", fields={"first_name": SHORT})
    slug = make_persona(SHORT)
    database.change_persona(slug, avatar_emoji="<b>x</b>")
    turns = [(HOSTILE, HOSTILE), (f"[^1]\n\n[^1]: {HOSTILE}", "Done.")]
    conversation = alice.talk(*turns, persona=slug, title=f"Evil {SHORT}")
    path = database.share(conversation, shows_author=True)
    page = visitor(java_script_enabled=scripts).visit(path)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Evil {SHORT}")
    expect(page.get_by_text(f"shared by {SHORT}")).to_be_visible()
    expect(page.locator("main")).to_contain_text('<script>alert("script")</script>')
    expect(page.locator(".message__name").first).to_have_text(SHORT)
    if scripts:
        expect_harmless(page.locator("body"))
    dialog = Dialog(alice.open(alice.talk(title=SHORT)))
    expect(dialog.root.get_by_label(f"from me, {SHORT}")).to_be_visible()
    expect_harmless(dialog.root.locator(".field--check"))
    expect_harmless(alice.visit("/shares/").locator(".share__title"))


def test_printed_it_is_what_was_said_and_nothing_else(alice, stranger):
    turns = [(f"Question {number}", "An answer.") for number in range(30)]
    page = stranger.visit(alice.database.share(alice.talk(*turns)))
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_text("Question 29", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Continue as my own")).to_be_hidden()
    expect(page.locator("html")).to_have_css("color-scheme", "light")
