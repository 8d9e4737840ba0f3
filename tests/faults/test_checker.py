"""The comparison that the other tests end with sees what it is there to see."""

import pytest

from .checker import violations
from .history import History, Sent

QUESTION, REPLY = 1, 2


def told(question):
    return f"{question}: one two three"


def shown(pk, role, state, parent, words):
    return (
        f'<chat-message id="message-{pk}" data-message="{pk}" data-role="{role}"'
        f' data-state="{state}" data-seq="0" data-parent="{parent}">'
        f'<div data-part="body" dir="auto">{words}</div>'
        "<footer></footer></chat-message>"
    )


def ended():
    html = shown(REPLY, "assistant", "finished", QUESTION, told("Why"))
    return {"type": "reply.ended", "message": REPLY, "state": "finished", "html": html}


def progressed(seq, suffix):
    frame = {"type": "reply.progressed", "message": REPLY, "seq": seq, "kind": "text"}
    return frame | {"ops": [[0, 4 * (seq - 1), suffix]]}


def history(*frames):
    """Return what a tab saw that asked and was answered; `frames` stand for the end."""
    found = History("a tab")
    found.sent["c1"] = Sent("c1", "Why", {})
    accepted = {"client_id": "c1", "message": QUESTION}
    accepted |= {"html": shown(QUESTION, "user", "sent", "", "Why")}
    started = {"message": REPLY, "parent": QUESTION, "siblings": {}}
    started |= {"html": shown(REPLY, "assistant", "queued", QUESTION, "")}
    found.take({"type": "message.accepted", **accepted})
    found.take({"type": "reply.started", **started})
    for frame in frames or [progressed(1, "Why:"), ended()]:
        found.take(frame)
    return found


def stored(**changes):
    """Return the conversation as the database has it, with fields of its reply."""
    question = {"parent": None, "role": "user", "text": "Why", "html": "Why"}
    text = changes.get("text", told("Why"))
    reply = {"parent": QUESTION, "role": "assistant", "client_id": None}
    reply |= {"text": text, "html": text, "render": text, "state": "finished"}
    messages = {QUESTION: question | {"client_id": "c1"}, REPLY: reply | changes}
    return {"head": REPLY, "branch": [QUESTION, REPLY], "messages": messages}


def found(tab, conversation):
    return "\n".join(violations([tab], conversation, story=told))


def test_a_conversation_as_it_should_be_has_no_violation():
    assert found(history(), stored()) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "running"}, "still running"),
        ({"state": "stopped"}, "is stopped, not finished"),
        ({"render": "other"}, "the HTML of another text"),
        ({"html": "<p>Why: one</p>", "render": "<p>Why: one</p>"}, "looks otherwise"),
        ({"text": told("Who")}, "does not belong to its question"),
        ({"text": "Who: one", "state": "stopped"}, "does not belong to its question"),
    ],
)
def test_a_reply_that_is_not_what_it_should_be_is_seen(changes, sentence):
    assert sentence in found(history(), stored(**changes))


def test_a_second_reply_that_nobody_asked_for_is_seen():
    tab, conversation = history(), stored()
    conversation["messages"][3] = conversation["messages"][REPLY]
    assert "has 2 replies; another one was asked for 0 times" in found(
        tab, conversation
    )
    tab.asked_again[QUESTION] = 1
    assert "replies" not in found(tab, conversation)


def test_a_question_without_a_reply_is_seen():
    conversation = stored()
    del conversation["messages"][REPLY]
    sentences = found(history(), conversation)
    assert "question 1 has 0 replies" in sentences
    assert "reply 2 was seen and is lost" in sentences
    assert "reply 2 has ended and is lost" in sentences


def test_a_reply_that_has_not_ended_as_it_should_is_seen():
    conversation = stored(state="stopped", error_code="")
    sentences = violations([history()], conversation, states={"finished"})
    assert "reply 2 is stopped: " in sentences


def test_a_message_that_was_acknowledged_and_is_lost_is_seen():
    assert "was acknowledged and is lost" in found(history(), None)


@pytest.mark.parametrize("changes", [{"text": "Who"}, {"client_id": "c2"}])
def test_a_message_that_is_not_what_was_sent_is_seen(changes):
    conversation = stored()
    conversation["messages"][QUESTION] |= changes
    assert "message 1 is not what was sent" in found(history(), conversation)


def test_a_message_that_nobody_sent_is_seen():
    conversation = stored()
    conversation["messages"][3] = conversation["messages"][QUESTION] | {
        "client_id": "c2"
    }
    assert "message 3 was sent by nobody" in found(history(), conversation)


def test_a_message_that_is_stored_twice_is_seen():
    conversation = stored()
    conversation["messages"][3] = conversation["messages"][QUESTION]
    assert "c1 is stored 2 times" in found(history(), conversation)


def test_a_message_that_was_acknowledged_with_two_ids_is_seen():
    tab = history()
    again = {"client_id": "c1", "message": 7}
    again |= {"html": shown(7, "user", "sent", "", "Why")}
    tab.take({"type": "message.accepted", **again})
    assert "'Why' is 1 and 7" in found(tab, stored())


def test_a_gap_between_frames_is_seen():
    tab = history(progressed(1, "Why:"), progressed(3, "two"), ended())
    assert "jumps from 1 to 3" in found(tab, stored())


def test_words_that_nobody_wrote_are_seen():
    tab = history(progressed(1, "Because"), ended())
    assert "it saw 'Because'" in found(tab, stored())


def test_a_tab_that_missed_a_reply_is_seen():
    conversation = stored()
    again = conversation["messages"][REPLY] | {"parent": REPLY, "role": "user"}
    conversation["messages"][3] = again | {"client_id": "c2"}
    assert "it shows [1, 2], the branch is [1, 2, 3]" in found(history(), conversation)


def test_messages_that_are_shown_in_another_order_are_seen():
    tab = history()
    tab.page.messages = dict(reversed(tab.page.messages.items()))
    assert "it shows [2, 1], the branch is [1, 2]" in found(tab, stored())


def test_a_tab_that_lacks_the_beginning_is_seen():
    tab = history()
    del tab.page.messages[QUESTION]
    assert "it shows [2], the branch is [1, 2]" in found(tab, stored())


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ({"type": "reply.vanished"}, "a frame nobody knows: reply.vanished"),
        ({"type": "message.accepted", "client_id": "c7"}, "what was never sent: c7"),
        (
            ended() | {"html": shown(REPLY, "assistant", "running", QUESTION, "Why")},
            "reply 2 has ended as running",
        ),
    ],
)
def test_a_frame_that_should_never_have_come_is_seen(frame, sentence):
    assert sentence in found(history(frame), stored())
