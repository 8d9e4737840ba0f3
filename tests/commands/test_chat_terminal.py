import pytest

from conversations.models import Conversation, Generation, Message

from .terminal import CTRL_C, CTRL_D, Session

pytestmark = pytest.mark.usefixtures("alice", "persona")


def last_words(provider, number=-1):
    """Return the text of one message of the last request."""
    return provider.bodies[-1]["messages"][number]["content"]


def test_the_reply_streams(provider):
    hold = provider.hold()
    provider.reply_pieces(["Hello ", hold, "world"])
    with Session("chat", "--persona", "helper") as session:
        session.wait_for("You: ")
        session.type("Hi\n")
        session.wait_for("Hello ")
        hold.wait_reached()
        assert "world" not in session.seen
        hold.release()
        session.wait_for("world\r\n")
        session.wait_for("You: ")
        session.type("exit\n")
        session.wait_for(str(Conversation.objects.get().pk))
        assert session.wait_end() == 0


def test_ctrl_c_stops_the_reply_and_returns_to_the_prompt(provider):
    provider.reply_pieces(["The beginning", provider.hold(), "the end"])
    provider.reply("All is well")
    with Session("chat", "--persona", "helper") as session:
        session.wait_for("You: ")
        session.type("Hi\n")
        session.wait_for("The beginning")
        session.type(CTRL_C)
        session.wait_for("Stopped.")
        provider.requests[0].wait_left()
        session.wait_for("You: ")
        session.type("And now?\n")
        session.wait_for("All is well")
        session.wait_for("You: ")
        session.type(CTRL_D)
        assert session.wait_end() == 0
    stopped = Message.objects.get(generation__state=Generation.State.STOPPED)
    assert stopped.text == "The beginning"
    assert "The beginning" in last_words(provider, -2)


def test_ctrl_c_at_the_prompt_only_begins_a_new_line(provider):
    with Session("chat", "--persona", "helper") as session:
        session.wait_for("You: ")
        session.type("never mind")
        session.wait_for("never mind")
        session.press(CTRL_C)
        session.wait_for("You: ")
        session.type("종료\n")
        assert session.wait_end() == 0
    assert provider.requests == []


def test_a_line_can_be_edited(provider):
    with Session("chat", "--persona", "helper") as session:
        session.wait_for("You: ")
        session.type("ello\x01H\n")  # Ctrl-A: to the beginning
        session.wait_for(provider.default_text)
    assert last_words(provider) == "Hello"


def test_the_greeting_and_the_model_are_told_first(provider):
    with Session("chat", "--persona", "helper", "--model", "big") as session:
        shown = session.wait_for("You: ")
    assert "Model: big" in shown
    assert "Helper:" in shown
    assert "Hello." in shown
    assert "\x1b[" in shown  # the name has a colour


def test_no_colours_when_none_are_wanted(provider):
    with Session("chat", "--persona", "helper", "--no-color") as session:
        shown = session.wait_for("You: ")
    assert "\x1b[3" not in shown


def test_a_reply_cannot_command_the_terminal(provider):
    provider.reply("\x1b]0;owned\x07\x1b[2Jplain\x9b31m")
    with Session("chat", "--persona", "helper", "--once", "Hi") as session:
        assert session.wait_end() == 0
    assert "\x1b]" not in session.seen
    assert "\x1b[2J" not in session.seen
    assert "\x9b" not in session.seen
    assert "plain" in session.seen
