"""Every page by axe, and by keyboard alone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.fakes import Delta

from .chat import Chat
from .test_conversation import MARKDOWN

ADMINISTRATION = (
    "conversations/persona/",
    "conversations/persona/1/change/",
    "conversations/persona/1/versions/",
    "conversations/provider/1/change/",
    "conversations/generation/",
    "conversations/user/",
)
RUN = """async ([root, options]) =>
  (await axe.run(root ?? document, options)).violations"""
# Without `preload`: to read sheets that import others, axe would add styles of its own.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
COLOURS_STAND = """document.getAnimations()
  .filter((animation) => animation instanceof CSSTransition)
  .forEach((transition) => transition.finish())"""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def expect_accessible(page):
    """Let axe look at `page`: light and wide, dark and on a phone.

    What is dark has the same colours at any width.
    """
    for size, scheme in ((WIDE, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == [], f"{scheme}, {size['width']} px wide"


def violations(page, root=None):
    """Return what axe finds on the page, or in the element `root`, once it stands."""
    page.evaluate(COLOURS_STAND)
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN, [root, OPTIONS])
    return [
        f"{violation['id']}: {node['html']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/join/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-nothing/",
        "/setup/nothing/",
    ],
)
def test_a_page_for_everybody(visitor, path):
    expect_accessible(visitor().visit(path))


def test_forms_that_were_refused(visitor):
    page = visitor().visit("/accounts/signup/")
    page.locator("[name=username]").fill("?")
    page.locator("[name=password1]").fill("1")
    page.locator("[name=password2]").fill("2")
    page.locator("[name=password2]").press("Enter")
    expect(page.locator(".errorlist").first).to_be_visible()
    expect_accessible(page)


def test_the_page_of_the_first_administrator(make_site, visitor):
    site = make_site()
    address = site.wait_logged(r"http://\S+/setup/\S+/")[0]
    expect_accessible(visitor(site.url).visit(address))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/conversations/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/logout/",
        "/c/00000000-0000-4000-8000-000000000000/",
    ],
)
def test_a_page_for_those_signed_in(alice, database, path):
    database.add_conversations(alice.username, 60)
    expect_accessible(alice.visit(path))


def test_a_conversation_with_all_that_markdown_can_do(alice):
    table = "| a | b |\n|---|---|\n" + "| long cell | longer cell |\n" * 4
    quoted = (
        "> A quote\n> of two lines\n\n1. one\n2. two\n\n[a link](https://example.org)"
    )
    chat = alice.open(alice.talk((MARKDOWN, f"{MARKDOWN}\n\n{table}\n\n{quoted}")))
    expect(chat.button("Copy this code")).to_be_attached()
    expect_accessible(chat.page)


def test_a_reply_with_reasoning_and_siblings(alice, provider):
    provider.reply_pieces([Delta({"reasoning_content": "Hm."}), "One."])
    provider.reply("Two.")
    chat = alice.begin()
    chat.ask("A number, please")
    chat.button("Regenerate this reply").click()
    expect(chat.reply).to_contain_text("2/2")
    chat.button("Show the version before").click()
    chat.reply.locator("summary").first.click()
    expect_accessible(chat.page)


def test_a_failed_reply(alice, provider):
    provider.fail(401)
    chat = alice.begin()
    chat.send("Anybody there?")
    chat.expect_ended("failed")
    chat.reply.locator("details.outcome__details summary").click()
    expect_accessible(chat.page)


def test_a_reply_being_written(alice, provider):
    hold = provider.hold()
    provider.reply_pieces(["Half of ", hold, "it"])
    chat = alice.begin()
    chat.send("Write")
    expect(chat.body()).to_have_text("Half of")
    expect_accessible(chat.page)
    hold.release()
    chat.expect_ended()


def test_an_unsent_message(sign_in, proxy):
    person = sign_in("alice", address=proxy.url)
    chat = person.open(person.talk())
    chat.page.clock.install()
    proxy.go_down()
    chat.send("Not yet")
    chat.page.clock.fast_forward(11_000)
    expect(chat.page.get_by_role("button", name="Send again")).to_be_visible()
    chat.page.clock.resume()
    expect_accessible(chat.page)


def test_open_menus(alice):
    page = alice.open(alice.talk()).page
    page.get_by_role("button", name="Your account").click()
    expect(page.locator("#user-menu")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    assert violations(page) == []


@pytest.mark.parametrize(
    "path", ["", *ADMINISTRATION], ids=lambda path: path or "index"
)
def test_a_page_of_the_administration(sign_in, path):
    admin = sign_in("root", fields={"is_staff": True, "is_superuser": True})
    expect_accessible(admin.visit(f"/admin/{path}"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ones_own_theme_wins(sign_in, theme):
    other = {"light": "dark", "dark": "light"}[theme]
    alice = sign_in("alice", fields={"theme": theme}, color_scheme=other)
    page = alice.open(alice.talk((MARKDOWN, MARKDOWN))).page
    assert violations(page) == []
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    lightness = float(re.search(r"[\d.]+", colour)[0])
    assert colour.startswith("oklch")
    assert (lightness > 0.5) == (theme == "light")


# ── by keyboard ───────────────────────────────────────────────────────────────────
WALK = """globalThis.walked = new Set();
globalThis.nameOf = (element) => element.outerHTML.slice(0, 120);
globalThis.step = () => {
  const element = document.activeElement;
  if (element === document.body) return {};
  if (walked.has(element)) return { isAgain: true };
  walked.add(element);
  const marked = [element, element.parentElement, element.closest("form, label")];
  const isMarked = marked.some((part) => part
    && getComputedStyle(part).outlineStyle !== "none"
    && parseFloat(getComputedStyle(part).outlineWidth) > 0);
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const isInView = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  return { unseen: isMarked && isInView ? "" : nameOf(element) };
};
globalThis.missed = () => [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), textarea, select, summary",
)].filter((element) => !element.disabled && !element.closest("[inert]")
  && element.checkVisibility({ visibilityProperty: true })
  && !(element.type === "radio" && !element.checked)
  && !walked.has(element)).map(nameOf);"""


IN_DRAWER = """document.activeElement === document.body
  || document.activeElement.closest("#sidebar") !== null"""


def walk(page):
    """Press Tab until the focus has come around; return where it was not seen."""
    page.evaluate(WALK)
    unseen = []
    for _ in range(150):
        page.keyboard.press("Tab")
        step = page.evaluate("step()")
        if step.get("isAgain"):
            return unseen
        if step.get("unseen"):
            unseen.append(step["unseen"])
    raise AssertionError("the focus never comes around")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", ["/", "conversation", "/accounts/password/change/"])
def test_everything_is_reached_and_the_focus_is_seen(sign_in, size, path):
    alice = sign_in("alice", viewport=size, reduced_motion="reduce")
    conversation = alice.talk(("Show me", MARKDOWN))
    page = alice.visit(f"/c/{conversation}/" if path == "conversation" else path)
    assert walk(page) == []
    assert page.evaluate("missed()") == []


def test_the_first_tab_leads_past_the_list(alice):
    # The box takes the focus, unless the address leads elsewhere.
    chat = Chat(alice.visit(f"/c/{alice.talk()}/#top"))
    chat.page.keyboard.press("Tab")
    skip = chat.page.get_by_role("link", name="Go to the message box")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    chat.page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()


def test_on_a_phone_the_drawer_keeps_the_focus_and_gives_it_back(sign_in):
    alice = sign_in("alice", viewport=PHONE)
    chat = alice.open(alice.talk(title="In the drawer"))
    opener = chat.page.get_by_role("button", name="Show the list")
    expect(chat.list).not_to_be_in_viewport()
    opener.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.list).to_be_in_viewport()
    focused = chat.page.locator("#sidebar").locator(":focus")
    expect(focused).to_have_count(1)
    for _ in range(12):
        chat.page.keyboard.press("Tab")
        # Between its last element and its first, the browser's own frame has it.
        assert chat.page.evaluate(IN_DRAWER)
    assert violations(chat.page, "#sidebar") == []
    chat.page.keyboard.press("Escape")
    expect(chat.list).not_to_be_in_viewport()
    expect(opener).to_be_focused()


def test_the_end_of_a_reply_is_announced(alice, provider):
    provider.reply("It is $H_2O$.")
    chat = alice.begin()
    chat.ask("What is water?")
    announcer = chat.page.locator("#announcer")
    expect(announcer).to_have_text("Assistant replied: It is H_2O.")
    expect(announcer).to_have_attribute("role", "status")


def test_no_page_scrolls_sideways_on_a_phone(sign_in):
    alice = sign_in("alice", viewport=PHONE)
    wide = "| " + " | ".join(["a wide column"] * 12) + " |\n" + "|---" * 12 + "|\n"
    code = "```\n" + "x" * 300 + "\n```\n\n$$" + "a + " * 60 + "b$$\n\n" + "y" * 300
    page = alice.open(alice.talk(("z" * 300, f"{wide}\n{code}"), title="t" * 90)).page
    for path in (None, "/", "/accounts/password/change/"):
        if path:
            page.goto(path)
        width = "document.scrollingElement.scrollWidth"
        assert page.evaluate(width) <= PHONE["width"]
