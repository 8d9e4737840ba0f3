"""What of a long conversation is in view."""

import json

import pytest
from playwright.sync_api import expect

# How far what is in view moves, each time one scrolls back by 200 pixels.
READ_BACK = """async () => {
  const thread = document.querySelector("chat-thread");
  const moved = [];
  for (let times = 0; times < 40; times += 1) {
    const { left, top, width } = thread.getBoundingClientRect();
    const seen = document.elementFromPoint(left + width / 2, top + 100);
    const before = seen.getBoundingClientRect().top;
    thread.scrollTop -= 200;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    moved.push(seen.getBoundingClientRect().top - before);
  }
  return moved;
}"""
# What is shown becomes shorter in one frame of the screen, and longer before the next.
SHORTEN_AND_LENGTHEN = """async (reply) => {
  const thread = document.querySelector("chat-thread");
  const frame = () => new Promise(requestAnimationFrame);
  const task = () => new Promise((done) => setTimeout(done));
  const more = document.createElement("p");
  more.style.height = "300px";
  await frame();
  reply.hidden = true;
  await task();
  reply.closest("#messages").append(more);
  for (let times = 0; times < 3; times += 1) await frame();
  return thread.scrollHeight - thread.scrollTop - thread.clientHeight;
}"""
IS_LAID_OUT = "element => element.checkVisibility({contentVisibilityAuto: true})"
LONG = "\n\n".join(f"Paragraph {number} of many." for number in range(60))


@pytest.fixture
def long_talk(alice):
    turns = [(f"Question {n}", f"Answer {n}.\n\n" + "More.\n\n" * 3) for n in range(60)]
    return alice.talk(*turns)


def top_of(locator):
    return locator.bounding_box()["y"]


def test_a_conversation_opens_at_its_end(alice, long_talk):
    chat = alice.open(long_talk)
    expect(chat.reply).to_be_in_viewport()
    expect(chat.to_the_end).to_be_hidden()
    expect(chat.messages).to_have_count(30)


def test_the_view_follows_a_reply_only_from_the_end(alice, provider):
    first, second = provider.hold(), provider.hold()
    provider.reply_pieces([LONG, first, "\n\nFollowed.", second, f"\n\n{LONG}\n\nEnd."])
    chat = alice.open(alice.talk())
    chat.send("Write at length")
    expect(chat.body()).to_contain_text("Paragraph 59")
    first.release()
    expect(chat.body().get_by_text("Followed.")).to_be_in_viewport()
    chat.body().hover()
    chat.page.mouse.wheel(0, -600)
    expect(chat.to_the_end).to_be_visible()
    marker = chat.body().get_by_text("Paragraph 40 of many.").first
    marker.scroll_into_view_if_needed()
    place = top_of(marker)
    second.release()
    chat.expect_ended()
    assert top_of(marker) == pytest.approx(place, abs=2)
    expect(chat.body().get_by_text("End.", exact=True)).not_to_be_in_viewport()
    chat.to_the_end.click()
    expect(chat.body().get_by_text("End.", exact=True)).to_be_in_viewport()
    expect(chat.to_the_end).to_be_hidden()


def test_the_view_still_follows_what_became_shorter(alice):
    chat = alice.open(alice.talk(("Question", LONG), ("Once more", LONG)))
    expect(chat.reply.get_by_text("Paragraph 59 of many.")).to_be_in_viewport()
    assert chat.body().evaluate(SHORTEN_AND_LENGTHEN) <= 1


def test_what_is_far_is_not_laid_out_and_nothing_jumps_as_one_reads_back(alice):
    chat = alice.open(alice.talk(*((f"Question {n}", LONG) for n in range(12))))
    expect(chat.reply).to_be_in_viewport()
    far = chat.body(chat.messages.nth(1))
    assert not far.evaluate(IS_LAID_OUT)
    assert chat.page.evaluate(READ_BACK) == pytest.approx([200] * 40, abs=2)


def test_ones_own_message_is_brought_into_view(alice, long_talk):
    chat = alice.open(long_talk)
    chat.body().hover()
    chat.page.mouse.wheel(0, -2000)
    expect(chat.to_the_end).to_be_visible()
    chat.send("Back to the end")
    expect(chat.page.get_by_text("Back to the end")).to_be_in_viewport()


def test_older_messages_arrive_and_the_place_is_kept(alice, long_talk):
    chat = alice.open(long_talk)
    oldest = chat.messages.first
    expect(chat.body(oldest)).to_have_text("Question 45")
    shown = chat.page.locator(f"#{oldest.get_attribute('id')}")
    held = []
    chat.page.route("**/messages/?*", lambda route: held.append(route))
    with chat.page.expect_request("**/messages/?*"):
        shown.scroll_into_view_if_needed()
    place = top_of(shown)
    held.pop().continue_()
    chat.page.unroute("**/messages/?*")
    expect(chat.messages).to_have_count(60)
    assert top_of(shown) == pytest.approx(place, abs=2)
    for count in (90, 120):
        chat.messages.first.scroll_into_view_if_needed()
        expect(chat.messages).to_have_count(count)
    expect(chat.body(chat.messages.first)).to_have_text("Question 0")
    expect(chat.page.get_by_role("link", name="Earlier messages")).to_have_count(0)


def test_an_address_may_name_a_message(alice, long_talk):
    chat = alice.open(long_talk)
    chat.messages.first.scroll_into_view_if_needed()
    expect(chat.messages).to_have_count(60)
    named = chat.messages.nth(2)
    text, anchor = chat.body(named).inner_text(), named.get_attribute("id")
    page = alice.visit(f"/c/{long_talk}/#{anchor}")
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    expect(page.locator(f"#{anchor}")).to_contain_text(text)


def test_a_message_that_comes_does_not_have_the_page_styled_again(
    browser, alice, long_talk, provider
):
    """As a rule with `* + *` would, or one that asks the whole page for :has()."""
    provider.reply_pieces(["There", " it", " is."])
    chat = alice.open(long_talk)
    page_of = chat.page.locator("*").count()
    browser.start_tracing(page=chat.page, categories=["devtools.timeline"])
    chat.send("One more")
    expect(chat.reply).to_contain_text("There it is.")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [
        event["args"]["elementCount"]
        for event in events
        if event["name"] == "UpdateLayoutTree" and "elementCount" in event["args"]
    ]
    assert styled
    assert max(styled) < page_of / 5
