"""Conversations in and out at the page for it: by mouse, keyboard, without a script."""

import json

import pytest
from playwright.sync_api import expect

from tests.transfer.packing import FILES

from .test_accessibility import expect_accessible

TALK = {
    "format": "chatsite",
    "version": 1,
    "id": "6b1ab1c8-64c5-4d29-9b57-6c8f3ac0a001",
    "title": "Brought along",
    "persona": {"slug": "assistant", "name": "Assistant"},
    "created_at": "2024-01-02T03:04:05+00:00",
    "updated_at": "2024-01-02T03:04:05+00:00",
    "pinned": False,
    "archived": False,
    "folder": None,
    "head": 2,
    "messages": [
        {
            "id": 1,
            "parent": None,
            "role": "user",
            "author": "alice",
            "persona": None,
            "model": "",
            "text": "What is water?",
            "reasoning": "",
            "state": "sent",
            "created_at": "2024-01-02T03:04:05+00:00",
        },
        {
            "id": 2,
            "parent": 1,
            "role": "assistant",
            "author": None,
            "persona": {"slug": "assistant", "name": "Assistant", "version": 1},
            "model": "some-model",
            "text": "A **drink**.",
            "reasoning": "",
            "state": "finished",
            "created_at": "2024-01-02T03:04:06+00:00",
        },
    ],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(TALK))
    return path


def choose(page, path):
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Import").click()


def report(page):
    return page.locator(".transfer").first


def test_a_file_comes_in_and_the_report_says_what(alice, file):
    page = alice.visit("/transfers/")
    # Asked for before the focus is: the browser would open a dialog of its own.
    with page.expect_file_chooser() as chooser:
        page.get_by_label("Choose a file").focus()
        page.keyboard.press("Enter")
    chooser.value.set_files(file)
    name = page.locator("transfer-upload [data-part=name]")
    expect(name).to_have_text("talk.json")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(report(page)).to_contain_text("talk.json")
    expect(report(page)).to_contain_text("1 conversation brought in")
    said = page.locator("transfer-list").get_by_role("status")
    expect(said).to_contain_text("1 conversation brought in")
    expect(page.get_by_role("button", name="Import")).to_be_focused()
    expect(name).to_be_empty()
    page.goto("/")
    page.locator("conversation-list").get_by_text("Brought along").click()
    expect(page.locator("#messages strong")).to_have_text("drink")


def test_what_came_in_before_the_list_is_connected_is_in_it(alice):
    elsewhere = alice.context.new_page()
    held = []
    elsewhere.route("**/js/app*.js", lambda route: held.append(route))
    with elsewhere.expect_request("**/js/app*.js"):
        elsewhere.goto("/", wait_until="commit")
    page = alice.visit("/transfers/")
    choose(page, FILES / "claude.json")
    expect(report(page)).to_contain_text("2 conversations brought in")
    held.pop().continue_()
    for shown in (page, elsewhere):
        items = shown.locator("conversation-list").get_by_role("listitem")
        expect(items).to_have_count(2)
    expect(elsewhere.locator("conversation-list")).to_contain_text("Sourdough timing")


def test_again_it_is_here_already(alice, file):
    page = alice.visit("/transfers/")
    choose(page, file)
    expect(report(page)).to_contain_text("1 conversation brought in")
    choose(page, file)
    expect(page.locator(".transfer")).to_have_count(2)
    expect(report(page)).to_contain_text("1 was here already")
    page.set_viewport_size({"width": 1280, "height": 240})
    assert page.evaluate("document.scrollingElement.scrollHeight") == 240


def test_what_went_out_comes_in_whole(alice, bob, tmp_path):
    conversation = alice.talk(
        ("First?", "One."), ("Second?", "Two."), title="Both ways"
    )
    response = alice.context.request.get(f"/c/{conversation}/export/json/")
    path = tmp_path / "out.json"
    path.write_bytes(response.body())
    page = bob.visit("/transfers/")
    choose(page, path)
    expect(report(page)).to_contain_text("1 conversation brought in")
    [(found, title)] = bob.database.conversations_of(bob.username)
    assert title == "Both ways"
    assert bob.database.texts(found) == alice.database.texts(conversation)


def test_a_file_that_is_no_export_is_said(alice, tmp_path):
    path = tmp_path / "cat.zip"
    path.write_bytes(b"meow")
    page = alice.visit("/transfers/")
    choose(page, path)
    expect(report(page).locator(".notice--error")).to_be_visible()


def test_a_file_too_large_is_said_before_it_is_sent(alice, file):
    page = alice.visit("/transfers/")
    page.locator("transfer-upload").evaluate("(e) => e.setAttribute('max-bytes', 10)")
    sent = []
    page.on("request", lambda r: sent.append(r.method))
    choose(page, file)
    expect(page.get_by_role("alert")).to_contain_text("larger than")
    assert "POST" not in sent


def test_the_upload_shows_how_far_it_is_and_can_be_cancelled(alice, tmp_path):
    path = tmp_path / "large.zip"
    path.write_bytes(bytes(8_000_000))
    page = alice.visit("/transfers/")
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions", slow | {"uploadThroughput": 1_000_000}
    )
    choose(page, path)
    bar = page.locator("transfer-upload progress")
    expect(bar).to_be_visible()
    expect(page.locator('[data-part="percent"]')).not_to_have_text("0 %")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bar).to_be_hidden()
    expect(page.get_by_role("button", name="Import")).to_be_focused()
    expect(page.locator(".transfer")).to_have_count(0)


def test_the_list_follows_an_export_to_its_end(alice):
    alice.talk()
    page = alice.visit("/transfers/")
    page.get_by_role("button", name="Make the ZIP").press("Enter")
    expect(page.get_by_role("heading", name="So far")).to_be_focused()
    expect(report(page).get_by_role("link", name="Download")).to_be_visible()
    expect(report(page)).to_contain_text("1 conversation")
    report(page).get_by_role("button", name="Delete").press("Enter")
    expect(page.locator(".transfer")).to_have_count(0)


def test_it_all_works_without_a_script(sign_in, file):
    page = sign_in("dora", java_script_enabled=False).visit("/transfers/")
    choose(page, file)
    expect(report(page)).to_contain_text("1 conversation brought in")
    page.get_by_role("button", name="Make the ZIP").click()
    expect(report(page).get_by_role("link", name="Download")).to_be_visible()


def test_the_page_is_accessible(alice, file):
    page = alice.visit("/transfers/")
    choose(page, file)
    expect(report(page)).to_contain_text("1 conversation brought in")
    expect_accessible(page)
