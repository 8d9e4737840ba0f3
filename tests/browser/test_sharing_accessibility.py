"""The pages of shared links by axe, by keyboard alone, and on a phone."""

import pytest
from playwright.sync_api import expect

from .test_accessibility import PHONE, WIDE, expect_accessible, violations, walk
from .test_conversation import MARKDOWN
from .test_sharing import Dialog

EVERY_TARGET = """() => [...document.querySelectorAll("a, button")]
  .filter((element) => element.checkVisibility() && !element.closest(".prose"))
  .filter((element) => element.getBoundingClientRect().height < 43.5)
  .map((element) => element.outerHTML)"""


@pytest.fixture
def shared(alice):
    """The path of a link to a conversation with all that Markdown can do."""
    turns = [("Show me", MARKDOWN), ("z" * 300, "| a | b |\n|---|---|\n| 1 | 2 |")]
    return alice.database.share(alice.talk(*turns, title="t" * 90), shows_author=True)


def test_what_a_link_leads_to(visitor, shared):
    expect_accessible(visitor().visit(shared))


def test_a_link_that_leads_nowhere(visitor):
    expect_accessible(visitor().visit(f"/s/{'A' * 32}/"))


def test_going_on_with_a_copy(alice, shared):
    expect_accessible(alice.visit(f"{shared}continue/"))


def test_the_list_of_ones_links(alice, shared):
    expect_accessible(alice.visit("/shares/"))


def test_the_page_of_the_links_of_a_conversation(alice):
    page = alice.visit(f"/c/{alice.talk()}/share/")
    page.get_by_role("radio", name="Chosen people").check()
    page.get_by_role("button", name="Create a link").click()
    expect(page.locator(".errorlist")).to_be_visible()
    expect_accessible(page)


def test_the_dialog(alice):
    dialog = Dialog(alice.open(alice.talk()))
    dialog.make()
    expect(dialog.links).to_be_visible()
    dialog.page.emulate_media(reduced_motion="reduce")
    assert violations(dialog.page, "dialog") == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_everything_is_reached_by_keyboard(sign_in, shared, size):
    reader = sign_in("reader", viewport=size, reduced_motion="reduce")
    conversation = reader.talk()
    reader.database.share(conversation)
    for path in (shared, f"{shared}continue/", "/shares/", f"/c/{conversation}/share/"):
        page = reader.visit(path)
        assert walk(page) == [], path
        assert page.evaluate("missed()") == [], path
        page.close()


def test_on_a_phone_nothing_is_too_wide_or_too_small(sign_in, shared):
    reader = sign_in("reader", viewport=PHONE, has_touch=True, is_mobile=True)
    conversation = reader.talk(title="w" * 150)
    reader.database.share(conversation)
    for path in (shared, f"{shared}continue/", "/shares/", f"/c/{conversation}/share/"):
        page = reader.visit(path)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= PHONE["width"], path
        assert page.evaluate(EVERY_TARGET) == [], path
        page.close()
