import uuid

from tests.consumers.base import saved
from tests.fakes_pieces import Delta


async def test_reply_streams_and_is_saved_as_it_was_shown(people, provider):
    provider.reply("Water is **wet**, they say.\n\nAnd it flows.")
    _, tab = await people.new_chat()
    client_id = await tab.say("What is water?")

    accepted = await tab.until("message.accepted")
    assert accepted["client_id"] == client_id
    assert "What is water?" in accepted["html"]
    reply = (await tab.until("reply.started"))["message"]
    ended = await tab.until("reply.ended")

    assert ended["state"] == "finished"
    assert ended["error"] is None
    assert "<strong>wet</strong>" in ended["html"]
    message = await saved(reply)
    assert message.text == "Water is **wet**, they say.\n\nAnd it flows."
    assert message.html in ended["html"]


async def test_history_arrives_in_the_right_roles_and_order(people, provider):
    conversation = await people.conversation(
        people.alice, ("One?", "First."), ("Two?", "Second.")
    )
    tab = await people.tab(people.alice, conversation.pk)
    await tab.say("Three?", parent=conversation.head_id)
    await tab.until("reply.ended")
    sent = [(m["role"], m["content"]) for m in provider.requests[0].body["messages"]]
    assert sent == [
        ("system", "Be brief."),
        ("user", "One?"),
        ("assistant", "First."),
        ("user", "Two?"),
        ("assistant", "Second."),
        ("user", "Three?"),
    ]


async def test_first_message_makes_the_conversation_with_a_title(people):
    conversation_id, tab = await people.new_chat()
    await tab.say("How do I sort a list?")
    changed = await tab.until("conversation.changed")
    assert changed["conversation"] == conversation_id
    assert changed["title"] == "How do I sort a list?"


async def test_same_client_id_twice_is_one_message_and_one_call(people, provider):
    _, tab = await people.new_chat()
    client_id = await tab.say("Once")
    await tab.until("reply.ended")
    await tab.say("Once", client_id=client_id)
    again = await tab.until("message.accepted")
    assert again["message"] == tab.of_type("message.accepted")[0]["message"]
    assert len(provider.requests) == 1


async def test_reply_outlives_its_socket(people, provider):
    hold = provider.hold()
    provider.reply_pieces(["The first half, ", hold, "the second half."])
    conversation_id, tab = await people.new_chat()
    await tab.say("Tell me")
    reply = (await tab.until("reply.started"))["message"]
    await hold.reached()
    await tab.close()
    hold.release()

    late = await people.tab(people.alice, conversation_id)
    await late.send("sync", seq={str(reply): 0}, head=reply)
    await late.until("reply.ended")
    assert (await saved(reply)).text == "The first half, the second half."


async def test_late_tab_gets_a_snapshot_and_goes_on_from_it(people, provider):
    hold = provider.hold()
    provider.reply_pieces(["Seen before. ", hold, "Seen after."])
    conversation_id, tab = await people.new_chat()
    await tab.say("Tell me")
    reply = (await tab.until("reply.started"))["message"]
    await tab.until_shown(reply, "Seen before.")

    late = await people.tab(people.alice, conversation_id)
    await late.send("sync", head=None)
    await late.until("reply.snapshot")
    assert "Seen before." in late.shown(reply)
    hold.release()
    assert await late.until("reply.ended") == await tab.until("reply.ended")


async def test_two_tabs_show_the_same(people, provider):
    hold = provider.hold()
    provider.reply_pieces([hold, "Both of you see this."])
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    one = await people.tab(people.alice, conversation.pk)
    two = await people.tab(people.alice, conversation.pk)
    await one.say("Again", parent=conversation.head_id)
    posted = await two.until("message.posted")
    assert "Again" in posted["html"]
    reply = (await two.until("reply.started"))["message"]
    hold.release()
    first, second = await one.until("reply.ended"), await two.until("reply.ended")
    assert first == second
    assert first["message"] == reply


async def test_stop_keeps_what_was_shown_and_closes_upstream(people, provider):
    provider.reply_pieces(["Kept.", provider.hold(), "Never said."])
    _, tab = await people.new_chat()
    await tab.say("Tell me")
    reply = (await tab.until("reply.started"))["message"]
    await tab.until_shown(reply, "Kept.")
    await tab.send("reply.stop", message=reply, seq=tab.seqs[reply])
    ended = await tab.until("reply.ended")
    assert ended["state"] == "stopped"
    assert (await saved(reply)).text == "Kept."
    await provider.requests[0].client_left()


async def test_continue_goes_on_in_the_same_message(people, provider):
    provider.reply_pieces(["One, two,"], finish="length")
    provider.reply(" three.")
    _, tab = await people.new_chat()
    await tab.say("Count")
    cut = await tab.until("reply.ended")
    assert cut["state"] == "cut_off"
    assert cut["error"]["code"] == "length"
    await tab.send("reply.continue", message=cut["message"])
    ended = await tab.until("reply.ended")
    assert ended["message"] == cut["message"]
    assert (await saved(cut["message"])).text == "One, two, three."
    assert provider.requests[1].body["messages"][-2] == {
        "role": "assistant",
        "content": "One, two,",
    }


async def test_regenerated_reply_is_a_sibling(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("reply.regenerate", message=conversation.head_id)
    changed = await tab.until("conversation.changed")
    ended = await tab.until("reply.ended")
    assert ended["message"] != conversation.head_id
    old, new = await saved(conversation.head_id), await saved(ended["message"])
    assert old.text == "Hello."
    assert old.parent_id == new.parent_id == changed["branch"]["after"]


async def test_message_sent_while_a_reply_grows_waits_for_it(people, provider):
    hold = provider.hold()
    provider.reply_pieces(["First ", hold, "reply."])
    provider.reply("Second reply.")
    _, tab = await people.new_chat()
    await tab.say("One")
    first = (await tab.until("reply.started"))["message"]
    await hold.reached()
    await tab.say("Two", parent=first)
    second = (await tab.until("reply.started"))["message"]
    hold.release()
    while (await tab.until("reply.ended"))["message"] != second:
        pass
    sent = [m["content"] for m in provider.requests[1].body["messages"]]
    assert sent == ["Be brief.", "One", "First reply.", "Two"]


async def test_provider_errors_are_said_in_a_sentence(people, provider):
    provider.fail(status=401)
    _, tab = await people.new_chat()
    await tab.say("Hello")
    ended = await tab.until("reply.ended")
    assert ended["state"] == "failed"
    assert ended["error"]["code"] == "key_rejected"
    assert "administrator" in ended["error"]["sentence"]
    assert provider.api_key not in str(tab.frames)


async def test_reasoning_is_shown_and_kept_apart(people, provider):
    hold = provider.hold()
    thought = Delta({"reasoning_content": "Let me think."})
    provider.reply_pieces([thought, "42", hold, "."])
    _, tab = await people.new_chat()
    await tab.say("What is it?")
    reply = (await tab.until("reply.started"))["message"]
    await tab.until_shown(reply, "42")
    hold.release()
    ended = await tab.until("reply.ended")
    message = await saved(ended["message"])
    assert message.reasoning == "Let me think."
    assert message.text == "42."
    assert {f["kind"] for f in tab.of_type("reply.progressed")} == {"reasoning", "text"}


async def test_empty_message_is_refused_with_its_client_id(people, provider):
    _, tab = await people.new_chat()
    client_id = await tab.say("   ")
    error = await tab.until("error")
    assert error["code"] == "empty"
    assert error["client_id"] == client_id
    assert provider.requests == []


async def test_unknown_persona_is_refused(people):
    _, tab = await people.new_chat()
    await tab.say("Hello", persona="nobody")
    assert (await tab.until("error"))["code"] == "no_persona"


async def test_parent_of_another_conversation_is_refused(people):
    foreign = await people.conversation(people.bob, ("Secret?", "Yes."))
    mine = await people.conversation(people.alice, ("Hi", "Hello."))
    tab = await people.tab(people.alice, mine.pk)
    await tab.say("Sneak", parent=foreign.head_id)
    assert (await tab.until("error"))["code"] == "no_parent"


async def test_unread_dot_goes_when_the_end_was_seen(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    beside = await people.list_tab(people.alice)
    await beside.let_in()
    tab = await people.tab(people.alice, conversation.pk)
    await tab.send("conversation.read")
    changed = await beside.until("conversation.changed")
    assert changed["conversation"] == str(conversation.pk)
    assert "list-item--unread" not in changed["item"]


async def test_list_hears_of_a_new_chat_in_another_tab(people):
    beside = await people.list_tab(people.alice)
    await beside.let_in()
    conversation_id, tab = await people.new_chat()
    await tab.say("How do I sort a list?")
    changed = await beside.until("conversation.changed")
    assert changed["conversation"] == conversation_id
    assert "How do I sort a list?" in changed["item"]


async def test_frames_that_say_nothing_are_answered(people):
    _, tab = await people.new_chat()
    await tab.send("message.explode")
    assert (await tab.next())["code"] == "unknown_type"
    await tab.send("ack", message=1, seq=1, owner=2)
    assert (await tab.next())["code"] == "unknown_field"
    await tab.send("message.send", text="no id", parent=None)
    assert (await tab.next())["code"] == "bad_field"


async def test_unknown_field_names_the_message_it_answers(people):
    _, tab = await people.new_chat()
    client_id = str(uuid.uuid4())
    await tab.send(
        "message.send", client_id=client_id, text="Hi", parent=None, is_staff=True
    )
    assert (await tab.next())["client_id"] == client_id
