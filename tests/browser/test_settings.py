"""The settings, as one person makes the site their own."""

import re

from playwright.sync_api import expect

from tests.base import PASSWORD

from .test_accessibility import expect_accessible

SIGN_IN = re.compile(r"/accounts/login/")
SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
LINES = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return [...range.getClientRects()].map((line) => Math.round(line.left));
}"""
COLOUR = "getComputedStyle(document.documentElement).backgroundColor"


def save(page, section):
    page.locator(f"#{section}").locator(".section__save").click()
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()


def open_menu(page):
    page.get_by_role("button", name="Your account").click()
    return page.locator("#user-menu")


def test_the_menu_leads_to_the_settings(alice):
    page = alice.visit()
    open_menu(page).get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


def test_the_settings_are_accessible(alice):
    expect_accessible(alice.visit("/settings/"))


def test_the_page_that_deletes_an_account_is_accessible(alice):
    expect_accessible(alice.visit("/settings/account/remove/"))


def test_the_theme_changes_at_once_and_stays(sign_in):
    alice = sign_in("alice", color_scheme="light")
    page = alice.visit()
    light = page.evaluate(COLOUR)
    menu = open_menu(page)
    with page.expect_response(re.compile("/settings/theme/")):
        menu.get_by_role("button", name="Dark").click()
    expect(menu.get_by_role("button", name="Dark")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert page.evaluate(COLOUR) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(COLOUR) != light


def test_text_grows(alice):
    page = alice.visit("/settings/")
    before = page.evaluate(SIZE)
    page.get_by_label("Very large").check()
    save(page, "appearance")
    assert page.evaluate(SIZE) > 1.25 * before
    page.goto("/")
    assert page.evaluate(SIZE) > 1.25 * before


def test_a_choice_is_made_by_keyboard(alice):
    page = alice.visit("/settings/")
    page.get_by_label("Normal").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Large", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    expect(page.get_by_label("Large", exact=True)).to_be_checked()


def test_the_device_proposes_its_time_zone(sign_in):
    alice = sign_in("alice", timezone_id="Asia/Seoul")
    page = alice.visit("/settings/")
    page.get_by_role("button", name="Take Asia/Seoul").click()
    save(page, "language")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Seoul")
    names = page.locator("#time-zones option")
    assert names.count() > 300


def test_without_scripts_everything_can_be_saved(sign_in):
    alice = sign_in("alice", java_script_enabled=False)
    page = alice.visit("/settings/")
    page.get_by_label("Ctrl + Enter").check()
    save(page, "writing")
    expect(page.get_by_label("Ctrl + Enter")).to_be_checked()
    page.get_by_label("Time zone").fill("Nowhere")
    page.locator("#language .section__save").click()
    expect(page.locator("#language .errorlist")).to_contain_text("Nowhere")


def test_another_device_is_signed_out(visitor, sign_in):
    alice = sign_in("alice", fields={"password": PASSWORD})
    other = visitor().visit()
    other.locator("[name=login]").fill(alice.username)
    other.locator("[name=password]").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Hello")).to_be_visible()
    page = alice.visit("/settings/")
    sessions = page.locator("#sessions")
    expect(sessions).to_contain_text("Chrome")
    sessions.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    other.reload()
    expect(other).to_have_url(SIGN_IN)


def test_an_account_is_deleted(sign_in):
    alice = sign_in("alice", fields={"password": PASSWORD})
    alice.talk()
    page = alice.visit("/settings/")
    page.get_by_role("link", name="Delete my account").click()
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.locator(".errorlist")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page).to_have_url(SIGN_IN)
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()


def test_no_page_of_the_settings_scrolls_sideways(sign_in):
    phone = {"width": 390, "height": 844}
    alice = sign_in("alice", viewport=phone, timezone_id="Asia/Seoul")
    page = alice.visit("/settings/")
    page.get_by_label("Very large").check()
    save(page, "appearance")
    lines = page.get_by_role("button", name="Take Asia/Seoul").evaluate(LINES)
    assert len(lines) > 1
    assert len(set(lines)) == 1, "all begin at the same side"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    framed = "document.querySelector('.framed')"
    assert page.evaluate(f"{framed}.scrollWidth <= {framed}.clientWidth")
