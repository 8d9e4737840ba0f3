"""Coming by an invitation, on a phone: with its link, and with its code."""

import pytest
from playwright.sync_api import expect

from tests.base import PASSWORD

PHONE = {"width": 390, "height": 844}
SMALLEST_TARGET = 44


@pytest.fixture
def invitation(database):
    return database.add_invitation("Class 7b")


@pytest.fixture
def phone(visitor):
    return visitor(viewport=PHONE, has_touch=True, is_mobile=True)


def expect_fits(page):
    """Nothing is too wide, and a finger meets every button."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    for control in page.locator("main .button, main input:visible").all():
        assert control.bounding_box()["height"] >= SMALLEST_TARGET


def sign_up(page, username):
    page.get_by_role("link", name="Sign up").tap()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
    expect_fits(page)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").tap()
    expect(page.get_by_role("heading", name=f"Hello, {username}.")).to_be_visible()


def test_by_its_link_one_signs_up_and_nobody_after(phone, invitation, database):
    path, _, group = invitation
    page = phone.visit(path)
    expect(page.get_by_text(group)).to_be_visible()
    expect_fits(page)
    sign_up(page, "greta")
    assert database.groups_of("greta") == [group]
    page.goto(path)
    expect(page.get_by_role("heading", name="lets nobody in")).to_be_visible()
    expect_fits(page)
    assert phone.alarms == []


def test_by_its_code_from_the_page_of_signing_up(phone, invitation, database):
    _, code, group = invitation
    page = phone.visit("/accounts/signup/")
    page.get_by_role("link", name="Enter your join code").tap()
    page.get_by_label("Join code").fill("ABCD-EFGH")
    page.get_by_role("button", name="Continue").tap()
    expect(page.get_by_text("No invitation has this code")).to_be_visible()
    expect_fits(page)
    page.get_by_label("Join code").fill(code.lower())
    page.get_by_role("button", name="Continue").tap()
    sign_up(page, "henry")
    assert database.groups_of("henry") == [group]
