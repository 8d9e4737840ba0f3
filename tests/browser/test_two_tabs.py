"""One conversation in two tabs: both show what is said in either, as it happens."""

import re
from itertools import zip_longest

import pytest
from playwright.sync_api import expect

from .test_branches import edit

COUNTER = '[data-part="siblings"]'


@pytest.fixture
def tabs(alice):
    conversation = alice.talk(("Toss a coin", "Heads."))
    return alice.open(conversation), alice.open(conversation)


def expect_same(tabs):
    """Both tabs show the same, and so does one that is opened now."""
    shown = [chat.markup() for chat in tabs]
    tabs[0].reload()
    anew = tabs[0].markup()
    for markup in shown:
        for message, again in zip_longest(markup, anew):
            assert message == again


def test_two_tabs_show_the_same_as_it_happens(alice, provider):
    hold = provider.hold()
    conversation = alice.talk(("Good morning", "Good morning."))
    tabs = alice.open(conversation), alice.open(conversation)
    provider.reply_pieces(["In both", hold, " tabs."])
    tabs[0].send("Where does this appear?")
    for chat in tabs:
        expect(chat.body(chat.question)).to_have_text("Where does this appear?")
        expect(chat.body()).to_have_text("In both")
    hold.release()
    for chat in tabs:
        expect(chat.body()).to_have_text("In both tabs.")
        chat.expect_ended()
        expect(chat.replies).to_have_count(2)
    expect_same(tabs)


@pytest.mark.parametrize("round_", range(3))
def test_two_tabs_that_send_at_once_both_show_both(tabs, database, round_):
    for number, chat in enumerate(tabs):
        chat.box.fill(f"From tab {number}")
    for chat in tabs:
        chat.page.evaluate("document.querySelector('#composer').requestSubmit()")
    for chat in tabs:
        expect(chat.page.locator("[data-client-id]")).to_have_count(0)
        expect(chat.questions).to_have_count(3)
        expect(chat.replies).to_have_count(3)
        for reply in chat.replies.all():
            expect(reply).to_have_attribute("data-state", "finished")
        asked = chat.questions.locator('[data-part="body"]').all_inner_texts()
        assert sorted(asked) == ["From tab 0", "From tab 1", "Toss a coin"]
    texts = [text for _, text in database.texts(tabs[0].conversation)]
    assert len(texts) == 6
    assert database.states(tabs[0].conversation) == ["finished"] * 3
    expect_same(tabs)


# Until `release()` a page hears of its own messages only.
HOLD = """() => {
  const thread = document.querySelector("chat-thread");
  const receive = thread.received.bind(thread);
  const held = [];
  thread.received = (frame) => {
    if (frame.type !== "message.accepted") return held.push(frame);
    window.isAccepted = true;
    receive(frame);
  };
  window.release = () => {
    thread.received = receive;
    held.forEach(receive);
  };
}"""


def test_a_receipt_before_the_message_it_follows_loses_nothing(tabs):
    first, second = tabs
    second.page.evaluate(HOLD)
    first.ask("Toss it again")
    second.send("And once more")
    second.page.wait_for_function("() => window.isAccepted")
    expect(second.page.locator("[data-client-id]")).to_have_text(
        re.compile("And once more")
    )
    second.page.evaluate("release()")
    for chat in tabs:
        expect(chat.page.locator("[data-client-id]")).to_have_count(0)
        expect(chat.replies).to_have_count(3)
        chat.expect_ended()
        asked = chat.questions.locator('[data-part="body"]').all_inner_texts()
        assert asked == ["Toss a coin", "Toss it again", "And once more"]
    expect_same(tabs)


# Until `hear()` a page hears nothing, and is told none of it again.
DEAFEN = """() => {
  const thread = document.querySelector("chat-thread");
  const receive = thread.received.bind(thread);
  window.lost = [];
  thread.received = (frame) => lost.push(frame.type);
  window.hear = () => {
    thread.received = receive;
  };
}"""


def test_what_never_came_is_asked_for_once_something_follows_it(tabs):
    first, second = tabs
    for chat in tabs:
        chat.await_connection()
    second.page.evaluate(DEAFEN)
    first.ask("Toss it again")
    second.page.wait_for_function("() => lost.includes('reply.ended')")
    second.page.evaluate("hear()")
    first.ask("And once more")
    expect(second.questions).to_have_count(3)
    expect(second.replies).to_have_count(3)
    second.expect_ended()
    expect_same(tabs)


def test_a_new_version_is_counted_beside_the_old_one_in_every_tab(tabs, provider):
    provider.reply("Still heads.")
    writing, other = tabs
    # The tab that writes on keeps its branch, and is told of the other version.
    writing.ask("Are you sure?")
    hold = provider.reply("Tails.", hold_at=0.5, chunk=3)
    expect(other.replies).to_have_count(2)
    first = other.replies.first
    first.hover()
    other.button("Regenerate this reply", first).click()
    expect(other.body()).to_have_text("Tai")
    expect(writing.replies.first.locator(COUNTER)).to_have_text("1/2")
    expect(writing.replies).to_have_count(2)
    expect(writing.body(writing.replies.first)).to_have_text("Heads.")
    hold.release()
    other.expect_ended()
    expect(other.reply.locator(COUNTER)).to_have_text("2/2")
    expect(other.replies).to_have_count(1)
    writing.replies.first.hover()
    writing.button("Show the next version", writing.replies.first).click()
    expect(writing.body()).to_have_text("Tails.")
    expect(writing.replies).to_have_count(1)


def test_a_version_that_is_chosen_before_it_is_told_of_is_whole(tabs, provider):
    """A page waits two seconds for what a version of elsewhere follows."""
    for chat in tabs:
        chat.await_connection()
    writing, other = tabs
    other.page.clock.install()
    other.page.clock.pause_at("2030-01-01")
    provider.reply("Six.")
    edit(writing, writing.question, "Roll a die").press("Control+Enter")
    expect(writing.body()).to_have_text("Six.")
    writing.page.clock.run_for(1_000)  # in the other one, too
    writing.expect_ended()
    expect(other.question.locator(COUNTER)).to_have_text("1/2")
    other.button("Show the next version", other.question).click()
    other.page.clock.resume()
    expect(other.question.locator(COUNTER)).to_have_text("2/2")
    other.page.clock.run_for(3_000)
    assert other.body().inner_text() == "Six."  # it would be whole again by itself
    other.expect_ended()


def test_one_tab_regenerates_while_the_other_sends(tabs, provider, database):
    sending, other = tabs
    # The first one, even where the other tab's reply comes before the click.
    regenerated = other.replies.first
    regenerated.hover()
    sending.box.fill("What does it mean?")
    button = other.button("Regenerate this reply", regenerated)
    sending.page.evaluate("document.querySelector('#composer').requestSubmit()")
    button.evaluate("(button) => button.click()")
    expect(sending.page.locator("[data-client-id]")).to_have_count(0)
    for chat in tabs:
        # Until it counts two, a tab may show the reply that had ended before.
        expect(chat.replies.first.locator(COUNTER)).to_have_text(re.compile("[12]/2"))
        chat.expect_ended()
    asked = [text for role, text in database.texts(sending.conversation)]
    assert asked.count("What does it mean?") == 1
    assert len(asked) == 5  # two questions, three replies
    assert database.states(sending.conversation) == ["finished"] * 3
    # Whichever was last: both versions can be reached, and the message with its reply.
    chat = tabs[0]
    chat.reload()
    name = "before" if "2/2" in chat.replies.first.inner_text() else "next"
    shown = chat.questions.count()
    label = f"Show the {'version before' if name == 'before' else 'next version'}"
    chat.replies.first.hover()
    chat.button(label, chat.replies.first).click()
    expect(chat.questions).to_have_count(3 - shown)
