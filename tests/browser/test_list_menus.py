"""The menu of a conversation in the list: by mouse, by keyboard and by touch."""

import math

import pytest
from playwright.sync_api import expect

from .lists import open_list
from .test_accessibility import PHONE, violations

MARGIN = 8  # pixels that a menu leaves free below it, where there is room


def test_a_menu_is_walked_by_arrows_and_left_by_escape(alice):
    conversation = alice.talk(title="By keys")
    chat, listed = open_list(alice)
    opener = chat.item(conversation).get_by_role("button", name="Menu")
    opener.focus()
    chat.page.keyboard.press("Enter")
    items = listed.menu.locator(".menu__item")
    expect(items.first).to_be_focused()
    chat.page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    chat.page.keyboard.press("End")
    expect(items.last).to_be_focused()
    assert violations(chat.page, "#item-menu") == []
    chat.page.keyboard.press("Escape")
    expect(listed.menu).to_be_hidden()
    expect(opener).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(items.first).to_be_focused()
    chat.page.keyboard.press("ArrowDown")
    chat.page.keyboard.press("Enter")
    expect(listed.pinned).to_contain_text("By keys")


def test_without_a_network_a_menu_leads_nowhere_and_says_so(alice):
    conversation = alice.talk(title="To be read")
    chat, listed = open_list(alice, conversation)
    opener = chat.item(conversation).get_by_role("button", name="Menu")
    opener.press("Enter")
    expect(listed.menu).to_be_visible()
    chat.page.keyboard.press("Escape")
    alice.context.set_offline(True)
    opener.press("Enter")
    expect(chat.page.locator("#told")).to_contain_text("could not")
    expect(chat.replies).to_have_count(1)
    alice.context.set_offline(False)


def test_a_menu_that_the_browser_opens_is_walked_by_arrows_too(alice):
    chat, _ = open_list(alice, alice.talk())
    for menu in ("thread-menu", "list-menu"):
        opener = chat.page.locator(f'[popovertarget="{menu}"]')
        items = chat.page.locator(f"#{menu} .menu__item:visible")
        opener.press("Enter")
        chat.page.keyboard.press("ArrowDown")
        expect(items.first).to_be_focused()
        chat.page.keyboard.press("ArrowUp")
        expect(items.last).to_be_focused()
        chat.page.keyboard.press("Escape")
        expect(opener).to_be_focused()


def test_what_is_unfolded_in_a_menu_pushes_nothing_off_the_page(alice):
    conversation = alice.talk(title="Near the end")
    chat, listed = open_list(alice)
    listed.open_menu(conversation)
    folded = listed.menu.bounding_box()
    chat.page.keyboard.press("Escape")
    expect(listed.menu).to_be_hidden()
    height = math.ceil(folded["y"] + folded["height"]) + MARGIN
    chat.page.set_viewport_size({"width": 1200, "height": height})
    listed.open_menu(conversation)
    last = listed.menu.get_by_role("button", name="Move to the bin")
    expect(last).to_be_in_viewport(ratio=1)
    listed.menu.locator("summary", has_text="Export").click()
    expect(listed.menu.get_by_role("link", name="Markdown")).to_be_visible()
    expect(last).to_be_in_viewport(ratio=1)
    with chat.page.expect_download():
        listed.menu.get_by_role("link", name="Markdown").click()
    expect(listed.menu).to_be_hidden()


@pytest.mark.parametrize("size", [(640, 360), (844, 390)], ids=["200 %", "sideways"])
def test_where_a_menu_has_no_room_it_scrolls(sign_in, size):
    """So it is on a window at 200 %, and on a phone that is held sideways."""
    width, height = size
    view = {"width": width, "height": height}
    alice = sign_in("alice", viewport=view, has_touch=True, is_mobile=True)
    page = alice.open(alice.talk()).page
    for name in ("thread-menu", "list-menu", "user-menu"):
        page.locator(f'[popovertarget="{name}"]').tap()
        items = page.locator(f"#{name} :is(.menu__item, .menu__who):visible")
        expect(items.last).to_be_visible()
        for item in items.all():
            item.scroll_into_view_if_needed()
            expect(item).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
        if name == "thread-menu":
            page.get_by_role("button", name="Show the list").tap()


def comes_up_from_below(menu):
    box = menu.bounding_box()
    ends = (box["x"], box["x"] + box["width"], box["y"] + box["height"])
    return ends == (0, PHONE["width"], PHONE["height"])


def test_on_a_phone_a_menu_comes_up_from_below(sign_in):
    alice = sign_in("alice", viewport=PHONE, has_touch=True)
    conversation = alice.talk(title="By touch")
    chat, listed = open_list(alice)
    chat.page.get_by_role("button", name="Show the list").tap()
    opener = chat.item(conversation).get_by_role("button", name="Menu")
    opener.tap()
    expect(listed.menu).to_be_visible()
    under = chat.item(conversation).get_by_role("link").bounding_box()
    chat.page.touchscreen.tap(under["x"] + 20, under["y"] + 20)
    expect(listed.menu).to_be_hidden()
    opener.tap()
    expect(listed.menu.get_by_role("button", name="Rename")).to_be_visible()
    assert comes_up_from_below(listed.menu)
    listed.menu.get_by_role("button", name="Rename").tap()
    field = chat.page.get_by_role("textbox", name="Title")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(chat.list).to_be_in_viewport()  # the drawer stays
    chat.item(conversation).get_by_role("link").tap()
    chat.reply.get_by_role("link", name="What you can do with this message").tap()
    menu = chat.page.locator("#message-menu")
    expect(menu.get_by_role("button", name="Quote")).to_be_visible()
    assert comes_up_from_below(menu)
