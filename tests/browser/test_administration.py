"""What an administrator changes shows in the next reply."""

import re

import pytest
from playwright.sync_api import expect

from .people import Visitor


@pytest.fixture
def admin(sign_in):
    return sign_in("root", fields={"is_staff": True, "is_superuser": True})


@pytest.fixture
def captain(make_persona):
    return make_persona("Captain", instructions="Speak as a captain.")


def edit(admin, name):
    """Open the page of a persona in the administration."""
    page = admin.visit("/admin/conversations/persona/?q=captain")
    page.goto("/admin/conversations/persona/")
    page.get_by_role("link", name=name, exact=True).last.click()
    expect(page.locator("[name=instructions]")).to_be_visible()
    return page


def test_an_edited_persona_answers_differently_from_then_on(
    admin, alice, captain, database, provider
):
    chat = alice.begin(f"/?persona={captain}")
    chat.ask("Who are you?")
    assert provider.bodies[0]["messages"][0]["content"] == "Speak as a captain."
    page = edit(admin, "Captain")
    page.locator("[name=instructions]").fill("Speak as a {{ language }} parrot.")
    page.locator("[name=_save]").click()
    expect(page.locator(".success")).to_be_visible()
    chat.ask("And now?")
    said = provider.bodies[1]["messages"][0]["content"]
    assert re.fullmatch("Speak as a (?!{).* parrot.", said)
    versions = database.versions_of(captain)
    assert versions == ["Speak as a captain.", "Speak as a {{ language }} parrot."]


def test_an_unknown_variable_is_refused_at_its_field(admin, captain, database):
    page = edit(admin, "Captain")
    page.locator("[name=instructions]").fill("Be {{ kind }}.")
    page.locator("[name=_save]").click()
    expect(page.locator(".field-instructions")).to_contain_text("kind")
    expect(page.locator(".field-instructions .errorlist")).to_be_visible()
    assert database.versions_of(captain) == ["Speak as a captain."]


def test_an_unsaved_persona_can_be_tried(admin, captain, database, provider):
    hold = provider.hold()
    provider.reply_pieces(["Not yet ", hold, "**saved**."])
    page = edit(admin, "Captain")
    page.locator("[name=instructions]").fill("Speak as a parrot.")
    page.locator("#trial-question").fill("Who are you?")
    page.get_by_role("button", name="Ask", exact=True).click()
    reply = page.locator('persona-trial [data-part="body"]')
    expect(reply).to_have_text("Not yet")
    hold.release()
    expect(reply).to_have_text("Not yet saved.")
    asked = [message["content"] for message in provider.bodies[-1]["messages"]]
    assert asked == ["Speak as a parrot.", "Who are you?"]
    assert database.versions_of(captain) == ["Speak as a captain."]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "conversations/persona/",
        "conversations/persona/add/",
        "conversations/provider/",
        "conversations/provider/1/change/",
        "conversations/languagemodel/",
        "conversations/generation/",
        "conversations/conversation/",
        "conversations/user/",
    ],
)
def test_the_administration_passes_its_own_policy(admin, path):
    page = admin.visit(f"/admin/{path}")
    expect(page.locator("#site-name, #header").first).to_be_visible()


def test_the_first_administrator_is_made_by_a_link_that_works_once(
    make_site, visitor, browsers, browser
):
    site = make_site()
    address = site.wait_logged(r"http://\S+/setup/\S+/")[0]
    page = visitor(site.url).visit(address)
    page.locator("[name=username]").fill("first")
    page.locator("[name=password1]").fill("correct horse battery")
    page.locator("[name=password2]").fill("correct horse battery")
    page.get_by_role("button", name="Create your account").click()
    expect(page.get_by_role("heading", name="Hello, first.")).to_be_visible()
    assert page.goto("/admin/").status == 200
    expect(page.locator("#user-tools, #header").first).to_be_visible()
    browsers.append(Visitor(browser, site.url))
    assert browsers[-1].context.new_page().goto(address).status == 404


def test_nobody_else_gets_in(alice):
    page = alice.visit("/admin/")
    expect(page.locator("#content-main")).to_have_count(0)
