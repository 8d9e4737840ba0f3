"""Without a network: the page that says so, and nothing of anybody's."""

import re

import pytest
from playwright.sync_api import expect

# Until the browser keeps what it needs.
READY = """async () => {
  await navigator.serviceWorker.ready;
  const { offline, shell } = await kept();
  return offline && shell;
  async function kept() {
    const names = await caches.keys();
    const cache = await caches.open(names[0]);
    const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname);
    return { offline: paths.includes("/offline/"), shell: paths.length > 1 };
  }
}"""
KEPT = """async () => {
  const all = await Promise.all((await caches.keys()).map(async (name) => {
    const cache = await caches.open(name);
    return (await cache.keys()).map(({ url }) => new URL(url).pathname);
  }));
  return all.flat();
}"""


@pytest.fixture
def alice(sign_in):
    return sign_in("alice", service_workers="allow")


@pytest.fixture
def chat(alice):
    """A conversation in a browser that keeps the shell."""
    chat = alice.open(alice.talk(title="A private matter"))
    assert chat.page.evaluate(READY)
    return chat


def test_without_a_network_a_page_says_so(alice, chat):
    alice.context.set_offline(True)
    page = alice.visit("/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.get_by_text("A private matter")).to_have_count(0)
    background = "getComputedStyle(document.body.querySelector('.card')).borderRadius"
    assert page.evaluate(background) != "0px"  # it has its sheet


def test_with_the_network_again_the_page_is_there(alice, chat):
    alice.context.set_offline(True)
    chat.reload()
    expect(chat.page.get_by_role("heading", name="No connection")).to_be_visible()
    alice.context.set_offline(False)
    chat.page.get_by_role("link", name="Try again").click()
    expect(chat.title).to_have_text("A private matter")


def test_nothing_of_anybodys_is_kept(alice, chat):
    alice.visit("/prompts/")
    alice.visit("/settings/")
    chat.reload()
    kept = chat.page.evaluate(KEPT)
    shell = re.compile(r"/static/(css/site|js/app|icons/icons|favicon)\.\w{12}\.\w+$")
    assert "/offline/" in kept
    assert [
        path for path in kept if path != "/offline/" and not shell.match(path)
    ] == []


def test_what_is_typed_is_kept_while_there_is_no_network(alice, chat):
    alice.context.set_offline(True)
    chat.box.fill("Written in the train")
    chat.reload()
    expect(chat.page.get_by_role("heading", name="No connection")).to_be_visible()
    alice.context.set_offline(False)
    chat.page.get_by_role("link", name="Try again").click()
    expect(chat.box).to_have_value("Written in the train")


def test_it_is_said_in_the_persons_language(sign_in):
    korean = {"language": "ko"}
    alice = sign_in("alice", fields=korean, service_workers="allow")
    page = alice.visit("/")
    assert page.evaluate(READY)
    alice.context.set_offline(True)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_the_site_can_be_installed(alice):
    page = alice.visit("/")
    devtools = alice.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    faults = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A window of its own is what a browser of tests has not.
    assert [f["errorId"] for f in faults if f["errorId"] != "in-incognito"] == []
