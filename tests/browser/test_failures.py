"""When the provider fails, the page says what happened and offers a way out."""

import pytest
from playwright.sync_api import expect

from tests.fakes import CUT

FAILURES = {
    "the key is wrong": (401, {"code": "invalid_api_key"}, "did not accept"),
    "the model is missing": (404, {"code": "model_not_found"}, "does not know"),
    "the credit is used up": (429, {"code": "insufficient_quota"}, "used up"),
    "the provider is broken": (500, None, "fault of its own"),
}


@pytest.mark.parametrize(
    ("status", "error", "sentence"), FAILURES.values(), ids=FAILURES
)
def test_a_failure_has_its_sentence_and_a_way_out(
    alice, provider, status, error, sentence
):
    provider.fail(status, error=error, headers={"Retry-After": "0"}, times=3)
    chat = alice.begin()
    chat.send("Anybody there?")
    chat.expect_ended("failed")
    expect(chat.reply).to_contain_text(sentence)
    expect(chat.reply).not_to_contain_text("scripted")
    provider.forget_scripts()
    provider.reply("Here I am.")
    chat.button("Try again").click()
    chat.expect_ended()
    expect(chat.body()).to_have_text("Here I am.")


def test_a_card_survives_a_reload(alice, provider):
    provider.fail(401)
    chat = alice.begin()
    chat.send("Anybody there?")
    chat.expect_ended("failed")
    card = chat.reply.locator("footer").inner_text()
    chat.reload()
    assert chat.reply.locator("footer").inner_text() == card


def test_a_reply_that_breaks_off_keeps_its_text_and_goes_on(alice, database, provider):
    provider.reply_pieces(["The beginning", CUT])
    provider.reply(" and the end.")
    chat = alice.begin()
    chat.send("Tell me everything")
    expect(chat.button("Continue")).to_be_visible()
    expect(chat.body()).to_have_text("The beginning")
    chat.button("Continue").click()
    chat.expect_ended()
    expect(chat.body()).to_have_text("The beginning and the end.")
    assert database.texts(chat.conversation)[-1][1] == "The beginning and the end."


def test_a_reply_without_a_reason_to_end_is_cut_off(alice, provider):
    provider.reply_pieces(["Is this all?"], finish=None, done=False)
    chat = alice.begin()
    chat.send("Tell me everything")
    expect(chat.reply).to_contain_text("cut off")
    expect(chat.button("Continue")).to_be_visible()


def test_after_a_failure_the_next_message_works(alice, provider):
    provider.fail(401)
    chat = alice.begin()
    chat.send("Anybody there?")
    chat.expect_ended("failed")
    provider.reply("Yes.")
    chat.ask("And now?")
    expect(chat.body()).to_have_text("Yes.")
