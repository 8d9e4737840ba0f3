"""The page of the search: as one types, by keyboard, with an input method, without."""

import re

import pytest
from playwright.sync_api import expect

from .test_accessibility import expect_accessible

STANDS_UNDER_THE_HEADER = """() => {
  const [header, found] = ["#thread-header", "[data-marked]"].map((selector) =>
    document.querySelector(selector).getBoundingClientRect());
  return found.top >= header.bottom && found.top < header.bottom + 32;
}"""
# Away and back again by the same way. A frame or two let what came near be laid out; at
# the top what is older comes first.
WALK = """async (thread) => {
  const frame = () =>
    new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (const step of [-400, 400, 400, -400]) {
    for (let times = 0; times < 10; times += 1) {
      for (let left = step, tries = 0; Math.abs(left) > 1; tries += 1) {
        if (tries > 100) throw new Error("there is no way to go");
        const before = thread.scrollTop;
        thread.scrollTop += left;
        left -= thread.scrollTop - before;
        await frame();
        await frame();
      }
    }
  }
}"""


class Search:
    def __init__(self, page):
        self.page = page
        self.box = page.get_by_role("searchbox", name="Search your conversations")
        self.results = page.locator("#search-results")
        self.hits = page.locator(".found__hit")
        self.marks = page.locator("#search-results mark")

    def type(self, words):
        self.box.press_sequentially(words)

    def find(self, words):
        """Type them and wait until they are answered, and no beginning of them."""
        self.type(words)
        expect(self.page).to_have_url(re.compile(rf"\?q={words}$"))


@pytest.fixture
def search(alice):
    return Search(alice.visit("/search/"))


@pytest.fixture
def rainbow(alice):
    return alice.talk(("How does a rainbow form?", "Light bends in drops."))


def test_results_come_while_one_types(search, rainbow):
    expect(search.box).to_be_focused()
    search.type("rainb")
    expect(search.marks).to_have_text(["rainbow"])
    expect(search.page).to_have_url(f"{search.page.url.partition('?')[0]}?q=rainb")
    search.type("ow drops")
    expect(search.results).to_contain_text("Nothing found")
    expect(search.box).to_be_focused()


def test_the_question_is_there_after_a_reload(search, rainbow):
    search.find("rainbow")
    expect(search.marks).to_have_count(1)
    search.page.reload()
    expect(search.box).to_have_value("rainbow")
    expect(search.marks).to_have_count(1)


def test_only_the_last_question_is_answered(search, alice, rainbow):
    alice.talk(("What is a walrus?", "An animal."))
    held = []
    search.page.route("**/search/?q=rainbow*", lambda route: held.append(route))
    with search.page.expect_request("**/search/?q=rainbow*"):
        search.box.fill("rainbow")
    search.box.fill("walrus")
    expect(search.marks).to_have_text(["walrus"])
    held.pop().continue_()
    search.box.press("End")
    expect(search.marks).to_have_text(["walrus"])


def test_the_keyboard_goes_through_the_results_and_opens_one(search, rainbow):
    search.find("rainbow")
    expect(search.hits).to_have_count(1)
    search.page.keyboard.press("ArrowDown")
    expect(search.results.locator(".found__title a")).to_be_focused()
    search.page.keyboard.press("ArrowDown")
    expect(search.hits.first).to_be_focused()
    search.page.keyboard.press("ArrowDown")
    expect(search.hits.first).to_be_focused()
    search.page.keyboard.press("ArrowUp")
    search.page.keyboard.press("ArrowUp")
    expect(search.box).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        search.page.keyboard.press(key)
    expect(search.page.locator("#messages")).to_contain_text("How does a rainbow form?")


def test_who_goes_to_the_results_before_the_last_ones_come_stays_among_them(
    search, rainbow
):
    search.find("rain")
    held = []
    search.page.route("**/search/?q=rainbow*", lambda route: held.append(route))
    with search.page.expect_request("**/search/?q=rainbow*"):
        search.type("bow")
    for key in ("ArrowDown", "ArrowDown"):
        search.page.keyboard.press(key)
    held.pop().continue_()
    expect(search.page).to_have_url(re.compile(r"\?q=rainbow$"))
    expect(search.hits.first).to_be_focused()


def test_a_hit_opens_its_message_in_view(search, alice):
    turns = [(f"Question {number}", "word " * 200) for number in range(12)]
    turns[3] = ("Where is the walrus?", "It swims.")
    alice.talk(*turns)
    search.find("walrus")
    search.hits.first.click()
    message = search.page.locator(".message--user", has_text="Where is the walrus?")
    expect(message).to_be_in_viewport()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_hit_far_up_in_a_long_conversation_is_where_it_was_left(sign_in, width):
    """What stands around it is laid out as one comes near, higher or lower than it was
    thought to be; the message stays under one's eyes all the same."""
    alice = sign_in("alice", viewport={"width": width, "height": 844})
    turns = [(f"Question {n}", "Many words.\n\n" * (n % 40 + 1)) for n in range(160)]
    turns[60] = ("Where is the walrus?", "It swims.\n\n" * 30)
    alice.talk(*turns)
    search = Search(alice.visit("/search/?q=walrus"))
    expect(search.box).to_be_focused()
    search.hits.first.click()
    found = search.page.locator("[data-marked]")
    expect(found).to_contain_text("Where is the walrus?")
    expect(found).to_be_focused()
    expect(found).to_have_css("outline-color", "rgba(0, 0, 0, 0)")  # one ring is enough
    search.page.wait_for_function(STANDS_UNDER_THE_HEADER)
    place = found.bounding_box()["y"]
    thread = search.page.locator("chat-thread")
    thread.evaluate(WALK)
    assert found.bounding_box()["y"] == pytest.approx(place, abs=2)


def test_an_input_method_is_waited_for(search, alice):
    alice.talk(("彩虹是怎么形成的？", "光在水滴里折射。"), title="About light")
    search.page.wait_for_function("() => customElements.get('search-page')")
    asked = []
    search.page.on("request", lambda request: asked.append(request.url))
    devices = search.page.context.new_cdp_session(search.page)
    devices.send(
        "Input.imeSetComposition",
        {"text": "caihong", "selectionStart": 7, "selectionEnd": 7},
    )
    search.page.keyboard.press("ArrowDown")
    expect(search.box).to_be_focused()
    devices.send("Input.insertText", {"text": "彩虹"})
    expect(search.marks).to_have_text(["彩虹"])
    assert not any("caihong" in url for url in asked)


def compose(page, text):
    """What an input method holds, as it is when a word ends with no other key."""
    ends = {"selectionStart": len(text), "selectionEnd": len(text)}
    devices = page.context.new_cdp_session(page)
    devices.send("Input.imeSetComposition", {"text": text} | ends)


def test_a_word_whose_last_syllable_is_held_by_the_input_method_is_asked(search, alice):
    alice.talk(("무지개는 어떻게 생기나요?", "빛이 꺾입니다."), title="About light")
    search.page.wait_for_function("() => customElements.get('search-page')")
    search.box.fill("무지")
    expect(search.marks).to_have_text(["무지"])
    for held in ("ㄱ", "개"):
        compose(search.page, held)
    expect(search.marks).to_have_text(["무지개"])


def test_a_word_that_a_phone_composes_is_asked(sign_in):
    phone = {"width": 390, "height": 844}
    alice = sign_in("alice", viewport=phone, has_touch=True, is_mobile=True)
    alice.talk(("How does a rainbow form?", "Light bends in drops."))
    search = Search(alice.visit("/search/"))
    search.page.wait_for_function("() => customElements.get('search-page')")
    search.box.focus()
    compose(search.page, "rainbow")
    expect(search.marks).to_have_text(["rainbow"])


def test_the_nearest_word_is_offered_and_asked_with_a_click(search, rainbow):
    search.type("rainbwo")
    offer = search.results.get_by_role("link", name="rainbow", exact=True)
    offer.click()
    expect(search.box).to_have_value("rainbow")
    expect(search.marks).to_have_text(["rainbow"])


def test_what_was_found_is_said_to_a_screen_reader(search, rainbow):
    search.type("rainbow")
    expect(search.page.locator("#announcer")).to_have_text("1 result")
    search.box.fill("walrus")
    expect(search.page.locator("#announcer")).to_have_text(
        "Nothing found for “walrus”."
    )


def test_more_comes_as_one_scrolls(search, alice, database):
    turns = [(f"A walrus, {number}?", "Yes.") for number in range(70)]
    alice.talk(*turns, title="Many")
    search.find("walrus")
    expect(search.hits).not_to_have_count(0)
    assert search.hits.count() < 70
    while (count := search.hits.count()) < 70:
        search.hits.last.scroll_into_view_if_needed()
        expect(search.hits.nth(count)).to_be_attached()
    assert "A walrus, 69?" in search.hits.first.inner_text()
    assert "A walrus, 0?" in search.hits.last.inner_text()
    expect(search.results.locator(".found__group")).to_have_count(1)
    expect(search.page.locator(".found__more")).to_have_count(0)
    search.hits.last.click()
    expect(search.page.locator("#messages")).to_be_visible()
    search.page.go_back()
    expect(search.hits).to_have_count(70)
    expect(search.hits.last).to_be_focused()
    expect(search.hits.last).to_be_in_viewport()
    expect(search.box).to_have_value("walrus")


def test_the_question_can_be_asked_again_after_the_connection_was_gone(search, rainbow):
    search.page.route("**/search/?q=*", lambda route: route.abort())
    search.type("rainbow")
    expect(search.results).to_contain_text("The search cannot be reached")
    search.page.unroute("**/search/?q=*")
    search.box.press("Enter")
    expect(search.marks).to_have_text(["rainbow"])


def test_hostile_words_are_shown_as_words(search, alice):
    alice.talk(("<img src=x onerror=alert(1)> walrus", "<script>alert(2)</script>"))
    search.type("walrus")
    expect(search.marks).to_have_count(1)
    expect(search.results.locator("img, script")).to_have_count(0)
    search.box.fill("<img src=x onerror=alert(3)>")
    expect(search.results).to_be_visible()


def test_it_can_be_used_by_everybody(search, rainbow):
    expect_accessible(search.page)
    search.box.fill("rainbow")
    expect(search.marks).to_have_count(1)
    expect_accessible(search.page)
    search.box.fill("rainbwo")
    expect(search.results).to_contain_text("Did you mean")
    expect_accessible(search.page)


def test_it_works_without_javascript(sign_in):
    person = sign_in("nora", java_script_enabled=False)
    person.talk(("How does a rainbow form?", "Light bends in drops."))
    search = Search(person.visit("/search/"))
    search.box.fill("rainbow")
    search.page.get_by_role("button", name="Search", exact=True).click()
    expect(search.marks).to_have_text(["rainbow"])
    search.hits.first.click()
    expect(search.page.locator("#messages")).to_contain_text("Light bends in drops.")
