"""A connection that is gone: what the page says of it, and how it comes back."""

import contextlib
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.fakes import Pause

from .test_branches import COUNTER

MOST_SECONDS = 30
TIMES, SOON_MILLISECONDS = 3, 3_000
LINES = 250
TEXT = "".join(f"- line **{number}** of a `reply`\n" for number in range(LINES))

# Notes when the page dials for the conversation and when that failed, on its own clock.
NOTE_DIALS = """(() => {
  const Plain = WebSocket;
  window.dials = [];
  window.WebSocket = class extends Plain {
    constructor(url) {
      super(url);
      if (!`${url}`.includes("/ws/conversations/")) return;
      const dial = { at: performance.now() };
      this.addEventListener("close", () => dial.failedAt = performance.now());
      dials.push(dial);
    }
  };
})()"""

IS_LOST = """() => {
  const question = { type: "sync", seq: {}, head: null };
  return !document.querySelector("chat-thread").send(question);
}"""

# From then on the connection that is open takes frames and loses them.
SWALLOW = """() => {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (frame) {
    if (this.isLate) send.call(this, frame);
  };
  const Plain = WebSocket;
  window.WebSocket = class extends Plain { isLate = true; };
}"""


@pytest.fixture
def away(sign_in, proxy):
    """Somebody who reaches the site through a network that can break."""
    person = sign_in("away", address=proxy.url)
    person.context.add_init_script(NOTE_DIALS)
    return person


def is_conversation(socket):
    return "/ws/conversations/" in socket.url


def stop_clock(chat):
    """Let the page's time pass only as the test says."""
    chat.page.clock.install()
    chat.page.clock.pause_at("2030-01-01")


def lose(chat, proxy):
    """Break the connection; return once the page has tried in vain to have it back."""
    with chat.page.expect_event("websocket", is_conversation):
        proxy.go_down()
        chat.page.wait_for_function(IS_LOST)
        chat.page.clock.run_for(1_000)
    # Only then does it wait for the next time, and the page's clock may go on.
    chat.page.wait_for_function("() => dials.at(-1).failedAt !== undefined")


def test_a_title_that_was_changed_meanwhile_is_shown(away, proxy, database):
    conversation = away.talk(title="A talk")
    chat = away.open(conversation)
    chat.await_connection()
    database.change_conversation(conversation, title="Another name")
    proxy.cut()
    expect(chat.title).to_have_text("Another name")


def test_a_lost_connection_is_told_after_five_seconds_and_politely(away, proxy):
    chat = away.open(away.talk())
    chat.ask("Are we connected?")
    stop_clock(chat)
    lose(chat, proxy)
    chat.page.clock.run_for(3_900)
    expect(chat.notice).to_be_empty()
    chat.page.clock.run_for(200)
    expect(chat.notice).to_contain_text("Reconnecting; what you write is kept")
    expect(chat.notice).to_have_role("status")
    expect(chat.notice.get_by_role("alert")).to_have_count(0)
    proxy.restore()
    chat.page.evaluate("dispatchEvent(new Event('online'))")
    expect(chat.notice).to_be_empty()


def test_a_short_cut_is_not_worth_a_word(away, proxy):
    chat = away.open(away.talk())
    chat.ask("Are we connected?")
    stop_clock(chat)
    lose(chat, proxy)
    proxy.restore()
    with chat.page.expect_event("websocket", is_conversation):
        chat.page.clock.run_for(2_000)
    chat.page.clock.resume()
    chat.ask("And now?")
    chat.page.clock.fast_forward(60_000)
    expect(chat.notice).to_be_empty()


def test_however_often_it_is_cut_it_is_back_within_a_second(away, proxy):
    chat = away.open(away.talk())
    chat.ask("Are we connected?")
    stop_clock(chat)
    for _ in range(4):
        chat.page.clock.run_for(1_000)  # so long it was there
        with chat.page.expect_event("websocket", is_conversation):
            proxy.cut()
            chat.page.wait_for_function(IS_LOST)
            chat.page.clock.run_for(1_000)
        chat.page.wait_for_function(f"() => !({IS_LOST})()")
    expect(chat.notice).to_be_empty()


@pytest.mark.parametrize("event", ["online", "visibilitychange"])
def test_it_is_back_at_once_with_the_network_or_the_tab(away, proxy, event):
    chat = away.open(away.talk())
    chat.ask("Are we connected?")
    stop_clock(chat)
    lose(chat, proxy)
    chat.page.clock.run_for(20_000)
    expect(chat.notice).to_contain_text("Reconnecting")
    proxy.restore()
    target = "document" if event == "visibilitychange" else "window"
    for _ in range(TIMES):  # a dial that was under way may still fail
        chat.page.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
        with contextlib.suppress(AssertionError):
            expect(chat.notice).to_be_empty(timeout=SOON_MILLISECONDS)
            break
    expect(chat.notice).to_be_empty()  # though no time has passed


def test_the_page_waits_longer_and_longer_but_at_most_thirty_seconds(away, proxy):
    least, most = (delays(away, proxy, chance) for chance in (0, 0.999))
    assert most[0] <= 1
    assert [round(delay) for delay in most[:6]] == [1, 2, 4, 8, 16, 30]
    assert max(most) <= MOST_SECONDS
    # By chance it is much less, so that not everybody comes back in one moment.
    assert all(a < b / 2 for a, b in zip(least, most, strict=True))


def delays(person, proxy, chance):
    """Return how many seconds a page waits before each of its dials."""
    page = person.context.new_page()
    page.clock.install()
    page.add_init_script(f"Math.random = () => {chance}")
    page.goto(f"/c/{person.talk()}/")
    page.wait_for_function("() => dials.length === 1")
    page.clock.pause_at("2030-01-01")
    proxy.go_down()
    for number in range(1, 8):
        page.wait_for_function(f"() => dials[{number - 1}].failedAt !== undefined")
        while page.evaluate("dials.length") == number:
            page.clock.run_for(250)
    proxy.restore()
    dials = page.evaluate("dials")
    page.close()
    return [(b["at"] - a["failedAt"]) / 1000 for a, b in pairwise(dials)]


def test_a_connection_that_swallows_messages_is_replaced(away, proxy, database):
    chat = away.open(away.talk())
    chat.ask("Are we connected?")
    chat.page.clock.install()
    proxy.mute = True
    chat.send("Into the void")
    unsent = chat.page.locator("[data-client-id]")
    expect(unsent.get_by_role("alert")).to_be_hidden()
    chat.page.clock.fast_forward(5_100)
    expect(unsent.get_by_role("alert")).to_contain_text("Your text is still here")
    expect(chat.notice).to_contain_text("Reconnecting")
    proxy.restore()
    chat.page.clock.fast_forward(31_000)
    expect(unsent).to_have_count(0)
    expect(chat.notice).to_be_empty()
    chat.expect_ended()
    asked = [text for _, text in database.texts(chat.conversation)]
    assert asked.count("Into the void") == 1


def test_a_connection_that_swallows_a_reply_is_replaced(away, proxy, provider):
    hold = provider.hold()
    provider.reply_pieces(["The beginning", hold, " and the end."])
    chat = away.open(away.talk())
    chat.page.clock.install()
    chat.reload()
    chat.send("Tell me")
    expect(chat.body()).to_have_text("The beginning")
    proxy.mute = True
    hold.release()
    provider.reply("Unasked.")
    chat.page.clock.fast_forward(11_000)  # it asks,
    chat.page.clock.fast_forward(6_000)  # and has no answer
    expect(chat.notice).to_contain_text("Reconnecting")
    proxy.restore()
    chat.page.clock.fast_forward(31_000)
    chat.expect_ended()
    expect(chat.body()).to_have_text("The beginning and the end.")
    expect(chat.notice).to_be_empty()


def test_a_connection_that_swallows_what_is_asked_for_is_replaced(alice, database):
    """As that of a computer that slept is: open, and nothing passes."""
    chat = alice.open(alice.talk())
    chat.await_connection()
    chat.page.clock.install()
    chat.page.evaluate(SWALLOW)
    chat.button("Regenerate this reply").click()
    chat.page.clock.fast_forward(5_100)
    expect(chat.reply.locator(COUNTER)).to_have_text("2/2")
    chat.expect_ended()
    expect(chat.notice).to_be_empty()
    assert len(database.texts(chat.conversation)) == 3


def test_what_was_done_and_not_heard_of_is_not_done_twice(away, proxy, database):
    chat = away.open(away.talk())
    chat.await_connection()
    chat.page.clock.install()
    proxy.mute = True
    chat.button("Regenerate this reply").click()
    chat.page.clock.fast_forward(5_100)
    expect(chat.notice).to_contain_text("Reconnecting")
    proxy.restore()
    chat.page.clock.fast_forward(31_000)
    expect(chat.reply.locator(COUNTER)).to_have_text("2/2")
    chat.expect_ended()
    expect(chat.notice).to_be_empty()
    chat.ask("And now?")
    assert len(database.texts(chat.conversation)) == 5


def test_after_cut_upon_cut_the_page_is_what_a_reload_shows(
    away, proxy, provider, database
):
    text = TEXT[: TEXT.index("- line **160**")]
    words = [text[at : at + 8] for at in range(0, len(text), 8)]
    provider.reply_pieces([step for word in words for step in (word, Pause(0.008))])
    chat = away.begin()
    chat.send("Count")
    lines, cuts = chat.body().locator("li"), 0
    while (count := lines.count()) < 120:
        expect(lines.nth(count + 10)).to_be_attached()  # some hundred milliseconds
        with chat.page.expect_event("websocket", is_conversation, timeout=60_000):
            proxy.cut()
        cuts += 1
    chat.expect_ended()
    assert cuts > 2
    assert database.texts(chat.conversation)[-1] == ("assistant", text)
    shown = chat.markup()
    chat.reload()
    assert chat.markup() == shown


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_tab_that_comes_back_has_what_one_that_stayed_has(away, provider, share):
    hold = provider.reply(TEXT, hold_at=share)
    stayed = away.begin()
    stayed.send("Count")
    hold.wait_reached()
    expect(stayed.body()).to_contain_text("line 0")
    closed = away.open(stayed.conversation)
    expect(closed.body()).to_contain_text("line 0")
    closed.page.close()
    back = away.open(stayed.conversation)
    expect(back.body()).to_contain_text("line 0")
    hold.release()
    for chat in (stayed, back):
        chat.expect_ended()
    late = away.open(stayed.conversation)
    assert [chat.markup() for chat in (stayed, back)] == [late.markup()] * 2
