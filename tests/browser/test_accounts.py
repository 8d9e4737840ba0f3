"""Signing up, in and out; passwords."""

import re

import pytest
from playwright.sync_api import expect

from tests.base import PASSWORD
from tests.mail import Postbox, link_in

NEW_PASSWORD = "another horse battery"
SIGN_IN = re.compile(r"/accounts/login/")


@pytest.fixture
def alice(sign_in):
    return sign_in("alice", fields={"password": PASSWORD})


def fill_in(page, **fields):
    """Fill in fields by their names and send the form they are in."""
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator(f"[name={name}]").press("Enter")


def expect_signed_in(page, username):
    expect(page.get_by_role("heading", name=f"Hello, {username}.")).to_be_visible()


def test_the_site_begins_with_signing_in(visitor):
    page = visitor().visit()
    expect(page).to_have_url(SIGN_IN)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_one_signs_up_and_is_signed_in(visitor):
    page = visitor().visit()
    page.get_by_role("link", name="Sign up").click()
    password = {"password1": PASSWORD, "password2": PASSWORD}
    fill_in(page, username="dora", **password)
    expect_signed_in(page, "dora")


def test_a_wish_that_cannot_be_met_is_explained_at_its_field(visitor, alice):
    page = visitor().visit("/accounts/signup/")
    fill_in(page, username=alice.username, password1="12345678", password2="12345678")
    expect(page).to_have_url(re.compile("/accounts/signup/"))
    expect(page.locator("[name=username]")).to_have_value(alice.username)
    expect(page.locator(".errorlist").first).to_be_visible()


@pytest.mark.parametrize("domain", ["", "@example.org"], ids=["user name", "e-mail"])
def test_one_signs_in_by(domain, visitor, alice):
    page = visitor().visit()
    fill_in(page, login=f"{alice.username}{domain}", password=PASSWORD)
    expect_signed_in(page, alice.username)


def test_a_wrong_password_does_not_sign_in(visitor, alice):
    page = visitor().visit()
    fill_in(page, login=alice.username, password="wrong")
    expect(page).to_have_url(SIGN_IN)
    expect(page.get_by_role("alert")).to_be_visible()


def test_signing_in_leads_to_what_was_asked_for(visitor, alice):
    page = visitor().visit(f"/c/{alice.talk(title='The way back')}/")
    fill_in(page, login=alice.username, password=PASSWORD)
    expect(page.locator("#conversation-title")).to_have_text("The way back")


def test_one_signs_out(alice):
    page = alice.visit()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(SIGN_IN)
    page.goto("/")
    expect(page).to_have_url(SIGN_IN)


def test_a_page_that_is_signed_out_says_so_and_keeps_the_text(sign_in, proxy):
    alice = sign_in("alice", address=proxy.url)
    chat = alice.open(alice.talk())
    chat.box.fill("What I wrote")
    page = alice.visit()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(SIGN_IN)
    proxy.cut()
    expect(chat.notice).to_contain_text("You are signed out")
    expect(chat.notice.get_by_role("link", name="Sign in")).to_be_visible()
    expect(chat.box).to_have_value("What I wrote")


def test_the_password_is_changed(alice, visitor):
    page = alice.visit()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Change password").click()
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    fill_in(page, oldpassword=PASSWORD, **new)
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page = visitor().visit()
    fill_in(page, login=alice.username, password=PASSWORD)
    expect(page.get_by_role("alert")).to_be_visible()
    fill_in(page, login=alice.username, password=NEW_PASSWORD)
    expect_signed_in(page, alice.username)


def test_where_there_is_mail_it_confirms_and_resets(make_site, visitor):
    """With the real server, and a mail server that is there."""
    with Postbox() as postbox:
        address = make_site(EMAIL_URL=postbox.url).url
        page = visitor(address).visit("/accounts/signup/")
        password = {"password1": PASSWORD, "password2": PASSWORD}
        fill_in(page, username="dora", email="dora@example.org", **password)
        expect(page.get_by_role("heading", name="Confirm your email")).to_be_visible()
        page.goto(link_in(postbox.next()))
        page.get_by_role("button", name="Confirm").click()
        expect_signed_in(page, "dora")
        page = visitor(address).visit("/accounts/password/reset/")
        fill_in(page, email="dora@example.org")
        expect(page.get_by_role("heading", name="Look into your inbox")).to_be_visible()
        page.goto(link_in(postbox.next()))
        fill_in(page, password1=NEW_PASSWORD, password2=NEW_PASSWORD)
        expect(page.get_by_text("with your new password.")).to_be_visible()
        page = visitor(address).visit()
        fill_in(page, login="dora", password=NEW_PASSWORD)
        expect_signed_in(page, "dora")


def test_where_sign_up_is_closed_nobody_signs_up(make_site, visitor):
    page = visitor(make_site(SIGN_UP_OPEN="False").url).visit()
    expect(page.get_by_role("link", name="Sign up")).to_have_count(0)
    page.goto("/accounts/signup/")
    expect(page.locator("[name=username]")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("administrator")
