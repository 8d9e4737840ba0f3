"""Every page in every language; and from right to left."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import expect

from conversations.models import Failure
from tests import stack

from .english import english_on

LOCALES = {"id": "id", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant", "ko": "ko"}
FOR_EVERYBODY = (
    "/accounts/login/",
    "/accounts/signup/",
    "/join/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-nothing/",
    "/accounts/inactive/",
    "/setup/nothing/",
    "/offline/",
)
OWN = (
    "/",
    "/conversations/",
    "/folders/",
    "/archive/",
    "/bin/",
    "/search/?q=water",
    "/search/?q=nowhere",
    "/settings/",
    "/settings/account/remove/",
    "/prompts/",
    "/prompts/new/",
    "/shortcuts/",
    "/shares/",
    "/transfers/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/c/00000000-0000-4000-8000-000000000000/",
)
OF_A_CONVERSATION = ("", "share/", "menu/", "print/", "move/")
ADMINISTRATION = (
    "",
    "conversations/persona/",
    "conversations/persona/add/",
    "conversations/persona/1/change/",
    "conversations/persona/1/versions/",
    "conversations/provider/1/change/",
    "conversations/generation/",
    "conversations/conversation/",
    "conversations/snippet/",
    "conversations/user/",
)
LEADS_TO = """() => {
  const links = [...document.querySelectorAll("a[href^='/']:not([download])")];
  const gets = [...document.querySelectorAll("button[formaction]")]
    .filter((button) => button.form?.method === "get");
  return [
    ...links.map((link) => link.getAttribute("href")),
    ...gets.map((button) => button.getAttribute("formaction")),
  ];
}"""
# Not pages: the administration has a test of its own.
ELSEWHERE = re.compile(r"/(admin|static)/|.*/(export|avatar|source|download)/")
# A sentence that nobody marked is English in all of them alike, and one that a
# language lacks is found in its catalogue: tests/test_languages.py. So beside the
# other tests one is read, and alone all of them.
READ = ["ko"] if stack.SHARE else LOCALES
EVERY_LANGUAGE = pytest.mark.parametrize("code", READ)


def expect_no_english(page, code, paths, **options):
    """Read `paths`, and one page of every other kind that they lead to."""
    found, waiting, kinds = {}, list(paths), {kind_of(path) for path in paths}
    while waiting:
        path = waiting.pop(0)
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", code)
        if english := english_on(page, LOCALES[code], **options):
            found[path] = english
        for further in page.evaluate(LEADS_TO):
            if not ELSEWHERE.match(further) and kind_of(further) not in kinds:
                kinds.add(kind_of(further))
                waiting.append(further)
    assert found == {}


def kind_of(path):
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return path


@EVERY_LANGUAGE
def test_no_english_before_signing_in(visitor, code):
    page = visitor(extra_http_headers={"Accept-Language": code}).visit(FOR_EVERYBODY[0])
    expect_no_english(page, code, FOR_EVERYBODY)


@EVERY_LANGUAGE
def test_no_english_on_ones_own_pages(sign_in, code):
    alice = sign_in("alice", fields={"language": code})
    talk = f"/c/{alice.talk(('Was ist Wasser?', 'H2O.'), title='Wasser')}/"
    pages = (*OWN, *(talk + part for part in OF_A_CONVERSATION))
    expect_no_english(alice.visit(), code, pages)


@EVERY_LANGUAGE
def test_no_english_where_forms_are_refused(visitor, code):
    page = visitor(extra_http_headers={"Accept-Language": code}).visit(
        "/accounts/signup/"
    )
    page.locator("[name=username]").fill("?")
    page.locator("[name=password1]").fill("1")
    page.locator("[name=password2]").fill("2")
    page.locator("form.form").evaluate(
        "form => { form.noValidate = true; form.requestSubmit(); }"
    )
    expect(page.locator(".errorlist").first).to_be_visible()
    assert english_on(page, LOCALES[code]) == []
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("nobody")
    page.locator("[name=password]").fill("nothing")
    page.locator("[name=password]").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert english_on(page, LOCALES[code]) == []


@EVERY_LANGUAGE
def test_no_english_in_what_the_socket_brings(sign_in, provider, code):
    provider.reply("H2O.")
    provider.fail(401)
    alice = sign_in("alice", fields={"language": code})
    chat = alice.begin()
    chat.box = chat.page.locator("#composer-text")
    chat.ask("Wasser?")
    chat.send("Und?")
    chat.expect_ended("failed")
    assert english_on(chat.page, LOCALES[code]) == []


@EVERY_LANGUAGE
def test_no_english_in_the_administration(sign_in, code):
    fields = {"is_staff": True, "is_superuser": True, "language": code}
    admin = sign_in("root", fields=fields)
    pages = [f"/admin/{path}" for path in ADMINISTRATION]
    # The list of replies is filtered by the codes of what went wrong.
    expect_no_english(admin.visit(), code, pages, besides=Failure.values)


def test_a_visitor_chooses_a_language_at_the_foot_of_the_card(visitor):
    page = visitor().visit()
    page.get_by_role("button", name="한국어").click()
    expect(page.get_by_role("heading", name="로그인")).to_be_visible()
    page.get_by_role("link", name="회원가입").click()
    expect(page.get_by_role("heading", name="회원가입")).to_be_visible()
    expect(page.get_by_role("button", name="한국어")).to_have_attribute(
        "aria-current", "true"
    )


def test_a_language_chosen_in_the_settings_is_spoken_at_once(alice):
    page = alice.visit("/settings/")
    page.get_by_label("Language", exact=True).select_option("id")
    page.locator("#language .section__save").click()
    expect(page.get_by_text("Pengaturan Anda tersimpan.")).to_be_visible()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_an_open_tab_goes_on_in_the_language_chosen_meanwhile(alice, provider):
    """What the socket draws is in the language of the settings."""
    provider.fail(401)
    chat = alice.open(alice.talk())
    page = alice.visit("/settings/")
    page.get_by_label("Language", exact=True).select_option("ko")
    page.locator("#language .section__save").click()
    expect(page.get_by_text("설정을 저장했습니다.")).to_be_visible()
    chat.page.reload()
    chat.box = chat.page.locator("#composer-text")
    chat.send("Hallo")
    expect(chat.reply).to_contain_text("관리자에게 알려 주세요")


def test_the_time_is_told_in_the_readers_zone(sign_in):
    """Nine hours apart: what was yesterday in Greenwich is today in Seoul, or not."""
    seoul = sign_in("alice", fields={"time_zone": "Asia/Seoul", "language": "ko"})
    page = seoul.visit("/settings/")
    expect(page.get_by_label("시간대")).to_have_value("Asia/Seoul")


# ── from right to left ────────────────────────────────────────────────────────────
MIRRORED = """() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  return box("#sidebar").left > box("main").left;
}"""
TURN = "document.documentElement.dir = 'rtl'"
# Of each table its columns' places, and the room to the left and the right of it.
PLACES = """(tables) => tables.map((scroll) => {
  const [first, last] = scroll.querySelectorAll("th");
  const [outer, inner] = [scroll, scroll.firstElementChild].map((element) =>
    element.getBoundingClientRect());
  return {
    first: first.getBoundingClientRect().left,
    last: last.getBoundingClientRect().left,
    before: inner.left - outer.left,
    after: outer.right - inner.right,
  };
})"""


def test_the_list_stands_at_the_right(alice):
    page = alice.open(alice.talk(("ما هو الماء؟", "مشروب."))).page
    assert not page.evaluate(MIRRORED)
    page.evaluate(TURN)
    assert page.evaluate(MIRRORED)


@pytest.mark.parametrize("turn", ["", TURN])
def test_a_table_begins_where_its_words_begin(alice, turn):
    """On a page of either direction: its first column, and the edge it stands at."""
    arabic = "| اليوم | المدينة |\n|---|---|\n| 1 | قرطبة |"
    english = "| Day | City |\n|---|---|\n| 1 | Cordoba |"
    page = alice.open(alice.talk(("؟", f"{arabic}\n\n---\n\n{english}"))).page
    page.evaluate(turn)
    places = page.locator(".prose__scroll").evaluate_all(PLACES)
    assert [place["first"] < place["last"] for place in places] == [False, True]
    assert [place["before"] < place["after"] for place in places] == [False, True]


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_hangs_over_the_edge(sign_in, width):
    alice = sign_in("alice", viewport={"width": width, "height": 844})
    page = alice.visit()
    talk = f"/c/{alice.talk(('ما هو الماء؟', '- مشروب' * 30))}/"
    for path in ("/", talk, "/settings/", "/accounts/email/"):
        page.goto(path)
        page.evaluate(TURN)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert page.evaluate("document.scrollingElement.scrollLeft") == 0


# ── 200 % zoom, and colours of the system's own ───────────────────────────────────


def test_at_twice_the_size_nothing_is_lost(sign_in):
    """A window of 1280 pixels at 200 % is one of 640 of them."""
    alice = sign_in("alice", viewport={"width": 640, "height": 400})
    page = alice.visit()
    for path in ("/", f"/c/{alice.talk()}/", "/settings/", "/accounts/email/"):
        page.goto(path)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 640
    page.goto("/")
    box = page.locator("#composer-text")
    expect(box).to_be_in_viewport()


def test_what_is_chosen_shows_without_our_colours(sign_in):
    alice = sign_in("alice", forced_colors="active")
    page = alice.visit("/settings/")
    chosen = page.locator(".segments__one:has(:checked)").first
    expect(chosen).to_have_css("outline-style", "solid")


def test_what_is_pressed_shows_without_our_colours(sign_in):
    alice = sign_in("alice", forced_colors="active")
    chat = alice.open(alice.talk(("Toss a coin", "Heads.")))
    chat.reply.hover()
    chat.reply.get_by_role("link", name="What you can do with this message").click()
    good = chat.page.get_by_role("button", name="Good", exact=True)
    expect(good).to_have_css("outline-style", "none")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(good).to_have_css("outline-style", re.compile("solid|double"))


def test_where_a_folder_would_stand_shows_without_our_colours(sign_in, database):
    alice = sign_in("alice", forced_colors="active")
    folder = f"#folder-{database.add_folder(alice.username, 'Work')}"
    work = alice.visit().locator(folder)
    for place, side in {"before": "start", "after": "end"}.items():
        work.evaluate("(folder, place) => (folder.dataset.drop = place)", place)
        expect(work).to_have_css(f"border-block-{side}-style", "solid")
