"""What a socket says while the database is away."""

from django.db import OperationalError

from conversations.consumers import base
from conversations.consumers.chat import ChatConsumer


def find_nobody(consumer):
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
