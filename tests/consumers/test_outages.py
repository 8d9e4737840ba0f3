"""What a socket says while the database is away."""

from django.db import OperationalError

from conversations.consumers import base
from conversations.consumers.chat import ChatConsumer


def find_nobody(consumer, *arguments):
    raise OperationalError("away")


async def test_who_cannot_be_looked_up_hears_that_nothing_was_saved(
    people, monkeypatch
):
    monkeypatch.setattr(base, "SIGNED_IN_SECONDS", 0)
    _, tab = await people.new_chat()
    await tab.send("nothing")
    assert (await tab.until("error"))["code"] == "unknown_type"  # it was let in
    with monkeypatch.context() as away:
        away.setattr(ChatConsumer, "_find_user", find_nobody)
        client_id = await tab.say("Go")
        error = await tab.until("error")
    assert (error["code"], error["client_id"]) == ("not_saved", client_id)
    assert "Your text is still here" in error["detail"]
    await tab.say("Go", client_id=client_id)
    await tab.until("reply.ended")


async def test_a_page_whose_news_could_not_be_looked_up_asks_again(people, monkeypatch):
    monkeypatch.setattr(base, "AGAIN_SECONDS", 0)
    conversation_id, writing = await people.new_chat()
    await writing.say("Go")
    ended = await writing.until("reply.ended")
    watching = await people.tab(people.alice, conversation_id)
    await watching.let_in()
    with monkeypatch.context() as away:
        away.setattr(ChatConsumer, "_draw", find_nobody)
        await writing.say("On", parent=ended["message"])
        await watching.until("sync")
