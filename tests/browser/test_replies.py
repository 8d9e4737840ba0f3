"""What can be done with a reply: stop it, go on with it, have another."""

import pytest
from playwright.sync_api import expect

from .lists import List


def test_stop_keeps_what_was_shown(alice, database, provider):
    hold = provider.hold()
    provider.reply_pieces(["What was shown", hold, " and what was not."])
    chat = alice.begin()
    chat.send("Tell me more")
    expect(chat.body()).to_have_text("What was shown")
    chat.stop_button.click()
    chat.expect_ended("stopped")
    expect(chat.body()).to_have_text("What was shown")
    provider.requests[-1].wait_left()
    hold.release()
    expect(chat.send_button).to_be_visible()
    chat.reload()
    expect(chat.body()).to_have_text("What was shown")
    assert database.texts(chat.conversation)[-1] == ("assistant", "What was shown")


@pytest.fixture
def writing(alice, provider):
    """A new chat whose reply waits in its middle."""
    hold = provider.hold()
    provider.reply_pieces(["Begun", hold, " ended"])
    chat = alice.begin()
    chat.send("Go on")
    expect(chat.body()).to_have_text("Begun")
    yield chat
    hold.release()


def test_escape_stops_the_reply_as_well(writing):
    writing.page.keyboard.press("Escape")
    writing.expect_ended("stopped")


def test_the_escape_that_ends_a_selection_stops_no_reply(writing):
    listed = List(writing)
    listed.choose_of_list("Select several")
    expect(listed.bar).to_be_visible()
    writing.page.keyboard.press("Escape")
    expect(listed.bar).to_be_hidden()
    assert writing.stop_button.is_visible()  # at once: it goes before the reply stops
    writing.page.keyboard.press("Escape")
    writing.expect_ended("stopped")


def test_stop_means_the_reply_that_runs(alice, provider):
    hold = provider.hold()
    provider.reply_pieces(["Running", hold, " on"])
    provider.reply("The second.")
    chat = alice.open(alice.talk())
    chat.send("First question")
    expect(chat.body()).to_have_text("Running")
    chat.send("Second question")
    expect(chat.replies).to_have_count(3)
    chat.stop_button.click()
    expect(chat.replies.nth(1)).to_have_attribute("data-state", "stopped")
    hold.release()
    expect(chat.body()).to_have_text("The second.")
    chat.expect_ended()


def test_a_stopped_reply_can_be_continued(alice, database, provider):
    hold = provider.hold()
    provider.reply_pieces(["One, two,", hold, " lost"])
    provider.reply(" three.")
    chat = alice.begin()
    chat.send("Count")
    expect(chat.body()).to_have_text("One, two,")
    chat.stop_button.click()
    chat.expect_ended("stopped")
    hold.release()
    chat.button("Continue").click()
    chat.expect_ended()
    expect(chat.body()).to_have_text("One, two, three.")
    assert database.texts(chat.conversation)[-1] == ("assistant", "One, two, three.")


def test_the_next_message_follows_a_stopped_reply(alice, provider):
    hold = provider.hold()
    provider.reply_pieces(["As far as this", hold])
    chat = alice.begin()
    chat.send("Begin")
    expect(chat.body()).to_have_text("As far as this")
    chat.stop_button.click()
    chat.ask("And now?")
    hold.release()
    history = [message["content"] for message in provider.bodies[-1]["messages"][1:]]
    assert history == ["Begin", "As far as this", "And now?"]


def test_another_reply_stands_beside_the_first(alice, provider):
    provider.reply("Heads.")
    provider.reply("Tails.")
    chat = alice.begin()
    chat.ask("Toss a coin")
    chat.button("Regenerate this reply").click()
    expect(chat.body()).to_have_text("Tails.")
    chat.expect_ended()
    expect(chat.replies).to_have_count(1)
    expect(chat.reply).to_contain_text("2/2")
    chat.button("Show the version before").click()
    expect(chat.body()).to_have_text("Heads.")
    expect(chat.reply).to_contain_text("1/2")
    chat.reload()
    expect(chat.body()).to_have_text("Heads.")
    chat.button("Show the next version").click()
    expect(chat.body()).to_have_text("Tails.")


def test_a_reply_of_a_branch_that_was_left_stays_there(alice, provider):
    provider.reply("Heads.")
    hold = provider.hold()
    provider.reply_pieces(["Tails", hold, ", at last."])
    chat = alice.begin()
    chat.ask("Toss a coin")
    chat.button("Regenerate this reply").click()
    expect(chat.body()).to_have_text("Tails")
    watching = alice.open(chat.conversation)
    expect(watching.body()).to_have_text("Tails")
    select(chat, chat.reply, -1)
    expect(chat.body()).to_have_text("Heads.")
    hold.release()
    watching.expect_ended()
    chat.ask("And on this side?")
    expect(chat.replies).to_have_count(2)
    expect(chat.page.get_by_text("Tails, at last.")).to_have_count(0)
    expect(chat.body(chat.replies.first)).to_have_text("Heads.")


def select(chat, reply, step):
    """Choose another version, as the buttons under a reply that has ended do."""
    number = int(reply.get_attribute("data-message")) + step
    chat.page.evaluate(
        """(number) => {
          const button = document.createElement("button");
          button.dataset.action = "branch.select";
          button.dataset.message = number;
          document.querySelector("#messages").append(button);
          button.click();
          button.remove();
        }""",
        number,
    )
