"""What is taken along: files that open anywhere, ask for nothing and run nothing."""

import zipfile
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .test_accessibility import PHONE, violations
from .test_hostile_text import HOSTILE, SHORT, expect_harmless

SAYS_IT_RAN = "() => { globalThis.ran = false; globalThis.alert = () => (ran = true); }"


@pytest.fixture
def conversation(alice, provider):
    """A conversation in which everything that was said is hostile."""
    provider.reply(f"{HOSTILE}\n\n<!-- messages --></main></body></html>")
    chat = alice.begin()
    chat.ask(f"{SHORT} {HOSTILE}")
    return chat.conversation


class Reader:
    """A browser without our site: every request it makes is in `requests`."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(offline=True, **options)
        self.requests = []
        self.context.on("request", lambda r: self.requests.append(r.url))
        self.context.add_init_script(f"({SAYS_IT_RAN})()")

    def open(self, path):
        page = self.context.new_page()
        page.goto(path.as_uri())
        return page

    @property
    def schemes(self):
        return {urlsplit(address).scheme for address in self.requests}


@pytest.fixture
def reader(browser):
    opened = []

    def read(**options):
        opened.append(Reader(browser, **options))
        return opened[-1]

    yield read
    for one in opened:
        one.context.close()


def fetch(person, path, to):
    """Fetch a file of the site as `person`; return where it is."""
    response = person.context.request.get(path)
    assert response.ok
    to.write_bytes(response.body())
    return to


def test_a_page_of_one_file_asks_for_nothing_and_runs_nothing(
    alice, conversation, reader, tmp_path
):
    file = fetch(alice, f"/c/{conversation}/export/html/", tmp_path / "page.html")
    someone = reader()
    page = someone.open(file)
    expect(page.locator(".message--assistant")).to_contain_text("<script>")
    expect(page.locator(".message--user")).to_contain_text("<script>")
    expect_harmless(page.locator("main"))
    assert page.evaluate("ran") is False
    assert someone.requests == [file.as_uri()]


def test_it_has_both_themes_and_its_styles(alice, conversation, reader, tmp_path):
    file = fetch(alice, f"/c/{conversation}/export/html/", tmp_path / "page.html")
    colours = set()
    for scheme in ("light", "dark"):
        page = reader(color_scheme=scheme).open(file)
        colours.add(
            page.evaluate("getComputedStyle(document.documentElement).background")
        )
        assert violations(page) == []
    assert len(colours) == 2


def test_on_paper_it_is_light_and_whole(alice, conversation, reader, tmp_path):
    file = fetch(alice, f"/c/{conversation}/export/html/", tmp_path / "page.html")
    page = reader(color_scheme="dark").open(file)
    page.emulate_media(media="print")
    scheme = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert scheme == "light"
    assert page.pdf().startswith(b"%PDF")


def test_the_zip_is_read_with_any_browser(alice, conversation, reader, tmp_path):
    alice.talk(("What is water?", "A **drink**."), title="水 / 100 % #1?")
    page = alice.visit("/transfers/")
    page.get_by_role("button", name="Make the ZIP").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    with zipfile.ZipFile(path) as made:
        made.extractall(tmp_path / "unpacked")
    someone = reader()
    index = someone.open(tmp_path / "unpacked" / "index.html")
    expect(index.get_by_role("listitem")).to_have_count(2)
    index.get_by_role("link", name="水").click()
    expect(index.locator("strong")).to_have_text("drink")
    style = index.evaluate("getComputedStyle(document.querySelector('.exported'))")
    assert style["maxInlineSize"] != "none"
    index.get_by_role("link", name="All conversations").click()
    expect(index.get_by_role("listitem")).to_have_count(2)
    assert violations(index) == []
    assert someone.schemes == {"file"}
    assert index.evaluate("ran") is False


def test_the_menu_of_a_conversation_has_each_format(alice):
    chat = alice.open(alice.talk())
    page = chat.page
    for name, ending in (
        ("Markdown", ".md"),
        ("Web page (HTML)", ".html"),
        ("Plain text", ".txt"),
        ("JSON, with all branches", ".json"),
    ):
        menu = page.locator("#thread-menu")
        if not menu.is_visible():
            page.locator('[popovertarget="thread-menu"]').click()
        group = menu.locator(".menu__group")
        if group.get_attribute("open") is None:
            group.locator("summary").click()
        with page.expect_download() as download:
            menu.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename == f"A talk{ending}"


def test_print_prints_the_conversation_and_nothing_else(alice):
    page = alice.visit(f"/c/{alice.talk()}/print/")
    page.evaluate("globalThis.print = () => (globalThis.printed = true)")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("printed")
    page.set_viewport_size(PHONE)
    page.get_by_text("Save as").click()
    assert page.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]
    with page.expect_download():
        page.get_by_role("link", name="Plain text").click()
    expect(page.get_by_role("link", name="Plain text")).to_be_hidden()
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.locator(".message--assistant")).to_be_visible()


def test_it_can_be_printed_without_a_script(sign_in):
    person = sign_in("dora", java_script_enabled=False)
    page = person.visit(f"/c/{person.talk()}/print/")
    expect(page.locator(".message--assistant")).to_contain_text("A drink.")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
