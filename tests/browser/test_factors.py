"""Passkeys, kept by an authenticator that Chromium plays; accounts of elsewhere."""

import re

import pytest
from playwright.sync_api import expect

from tests.base import PASSWORD
from tests.oidc import Provider

from .people import Visitor
from .test_accessibility import expect_accessible
from .test_accounts import expect_signed_in, fill_in

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def device(browsers, browser, site):
    """The sign-in page on a device that can keep passkeys.

    Browsers keep them for a name, and for no number: the site is at localhost here.
    """
    visitor = Visitor(browser, f"http://localhost:{site.port}")
    browsers.append(visitor)
    page = visitor.visit("/accounts/login/")
    devtools = visitor.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"options": AUTHENTICATOR}
    devtools.send("WebAuthn.addVirtualAuthenticator", options)
    return page


@pytest.fixture
def username(database):
    return database.add_user("alice", password=PASSWORD)


def add_passkey(page):
    """Add a passkey to who is signed in; be on the page with the recovery codes."""
    page.goto("/accounts/2fa/webauthn/add/")
    fill_in(page, password=PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def sign_out(page):
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/"))


def test_a_passkey_signs_in_alone_and_in_place_of_the_password(device, username):
    fill_in(device, login=username, password=PASSWORD)
    expect_signed_in(device, username)
    add_passkey(device)
    expect_accessible(device)
    with device.expect_download() as saved:
        device.get_by_role("link", name="Download them").click()
    codes = saved.value.path().read_text().split()
    assert [len(code) for code in codes] == [8] * 10

    device.goto("/settings/password/remove/")
    device.get_by_role("button", name="Remove my password").click()
    expect(device.get_by_text("You sign in with a passkey alone")).to_be_visible()
    sign_out(device)
    expect_accessible(device)
    device.get_by_role("button", name="Sign in with a passkey").click()
    expect_signed_in(device, username)

    device.goto("/accounts/2fa/webauthn/")
    expect_accessible(device)
    device.get_by_role("link", name="Remove Passkey").click()
    expect(device.get_by_text("It is your only way to sign in.")).to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(device, username):
    fill_in(device, login=username, password=PASSWORD)
    expect_signed_in(device, username)
    add_passkey(device)
    device.goto("/accounts/2fa/totp/activate/")
    expect(device.locator(".factor__scan path")).to_be_visible()
    expect_accessible(device)
    sign_out(device)
    fill_in(device, login=username, password=PASSWORD)
    expect(device.get_by_role("heading", name="One more step")).to_be_visible()
    expect_accessible(device)
    device.get_by_role("button", name="Use a passkey").click()
    expect_signed_in(device, username)


def test_without_a_passkey_nobody_is_let_in(device):
    device.get_by_role("button", name="Sign in with a passkey").click()
    expect(device.get_by_role("alert")).to_contain_text("No passkey was used.")


def test_one_goes_to_the_provider_and_comes_back_signed_in(visitor, database):
    """No policy of ours stands in the way, and no policy is broken."""
    with Provider() as provider:
        provider.sign_in_as({"sub": "1", "preferred_username": "ada.of.school"})
        added = database.add_identity_provider(**provider.settings)
        page = visitor().visit()
        page.get_by_role("button", name="Sign in with School").click()
        expect_signed_in(page, "ada.of.school")
        page.goto("/accounts/3rdparty/")
        expect(page.get_by_role("button", name="Disconnect School")).to_be_visible()
        expect_accessible(page)
        database.remove_identity_provider(added)
