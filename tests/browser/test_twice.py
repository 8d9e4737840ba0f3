"""What is pressed twice, because nothing seems to happen, is done once."""

import re

from playwright.sync_api import expect

from .chat import ADDRESS
from .lists import open_list
from .test_sharing import Dialog

MENU = "What you can do with this message"


class Held:
    """The requests to what matches `address`, held back until they are released."""

    def __init__(self, page, address):
        self.page, self.address, self.routes = page, re.compile(address), []
        self.is_released = False
        page.route(self.address, self._came)

    def _came(self, route):
        self.routes.append(route)
        if self.is_released:
            route.continue_()

    def pressed(self, button):
        """Press `button` and wait for the request that it makes."""
        with self.page.expect_request(self.address):
            button.evaluate("(button) => button.click()")

    def release(self):
        """Let them, and all that come after them, go on."""
        self.is_released = True
        for route in self.routes:
            route.continue_()


def test_one_link_is_made(alice):
    dialog = Dialog(alice.open(alice.talk()))
    held = Held(dialog.page, "/share/$")
    held.pressed(dialog.button("Create a link"))
    dialog.button("Create a link").click()
    held.release()
    expect(dialog.links).to_have_count(1)
    assert len(held.routes) == 1
    dialog.button("Create a link").click()
    expect(dialog.links).to_have_count(2)  # and another one, later


def fork_button(chat):
    chat.question.hover()
    chat.question.get_by_role("link", name=MENU).click()
    return chat.page.get_by_role("button", name="Ask this again in a new chat")


def expect_elsewhere(chat, conversation):
    def is_elsewhere(url):
        return ADDRESS.search(url) and conversation not in url

    chat.page.wait_for_url(is_elsewhere)
    expect(chat.list.get_by_role("listitem")).to_have_count(2)


def test_one_question_is_asked_again(alice):
    conversation = alice.talk()
    chat = alice.open(conversation)
    asked = []
    chat.page.on("request", lambda r: r.url.endswith("/fork/") and asked.append(r))
    fork_button(chat).evaluate("(b) => { b.click(); setTimeout(() => b.click()); }")
    expect_elsewhere(chat, conversation)
    assert len(asked) == 1


def test_who_comes_back_to_a_page_may_press_again(alice):
    conversation = alice.talk()
    chat = alice.open(conversation)
    chat.page.route("**/fork/", lambda route: route.abort("aborted"), times=1)
    button = fork_button(chat)
    with chat.page.expect_event("requestfailed"):
        button.evaluate("(button) => button.click()")
    form = button.locator("xpath=..")
    expect(form).to_have_attribute("aria-busy", "true")
    chat.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    button.evaluate("(button) => button.click()")
    expect_elsewhere(chat, conversation)


def test_several_are_moved_once_and_undo_stays(alice):
    talks = [alice.talk(title=f"Talk {number}") for number in range(3)]
    chat, listed = open_list(alice)
    listed.choose_of_list("Select several")
    for talk in talks[:2]:
        listed.tick(talk)
    answers, asked = [], []
    hold = lambda route: answers.append((route, route.fetch()))  # noqa: E731
    chat.page.route("**/bulk/", hold, times=1)
    chat.page.on("request", lambda r: "/bulk/" in r.url and asked.append(r.url))
    bin_button = listed.bar.get_by_role("button", name="to the bin")
    bin_button.click()
    expect(chat.list.get_by_role("listitem")).to_have_count(1)  # by the socket
    bin_button.click()
    route, response = answers.pop()
    route.fulfill(response=response)
    expect(listed.told).to_contain_text("2 moved to the bin.")
    expect(listed.bar).to_be_hidden()
    assert len(asked) == 1
    listed.undo()
    expect(chat.list.get_by_role("listitem")).to_have_count(3)


def test_a_sheet_is_fetched_once(alice):
    page = alice.begin().page
    held = Held(page, "/shortcuts/")
    with page.expect_request(held.address):
        page.keyboard.press("Control+/")
    page.keyboard.press("Control+/")
    held.release()
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    assert len(held.routes) == 1
    page.keyboard.press("Control+/")
    expect(sheet).to_be_hidden()
    page.keyboard.press("Control+/")
    expect(sheet).to_be_visible()
