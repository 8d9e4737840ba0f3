import io
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command

from conversations.models import Conversation, Generation, User
from tests.base import add_turn, make_conversation, make_persona

pytestmark = pytest.mark.usefixtures("alice", "persona")


@dataclass
class Run:
    """What a run of the command wrote, and its exit status."""

    out: str
    err: str
    status: int


@pytest.fixture
def chat(monkeypatch, provider):
    """Run the command with what is piped in."""

    def run(*arguments, piped=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(piped))
        out, err, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command("chat", *arguments, stdout=out, stderr=err)
        except SystemExit as end:
            status = end.code
        return Run(out.getvalue(), err.getvalue(), status)

    return run


def sent(provider, number=-1):
    """Return the (role, text) of what the provider was sent in one request."""
    messages = provider.bodies[number]["messages"]
    return [(message["role"], message["content"]) for message in messages]


# ── a question, its reply, the history ────────────────────────────────────────────
def test_once_prints_the_reply_and_leaves(chat, provider):
    provider.reply("Water is **wet**.")
    run = chat("--persona", "helper", "--once", "What is water?")
    assert run == Run("Water is **wet**.\n", "", 0)
    assert sent(provider) == [("system", "Be brief."), ("user", "What is water?")]


def test_the_conversation_is_on_the_web(chat, provider, client, alice):
    provider.reply("Water is **wet**.")
    chat("--persona", "helper", "--once", "What is water?")
    client.force_login(alice)
    conversation = Conversation.objects.get()
    page = client.get(conversation.get_absolute_url())
    assert "What is water?" in page.text
    assert "Water is <strong>wet</strong>." in page.text
    assert conversation.title in page.text
    assert not conversation.is_unread  # it was read here


def test_continue_goes_on_with_the_last_one(chat, provider):
    chat("--persona", "helper", "--once", "One?")
    provider.reply("Second")
    assert chat("--continue", "--once", "Two?").out == "Second\n"
    assert sent(provider) == [
        ("system", "Be brief."),
        ("user", "One?"),
        ("assistant", provider.default_text),
        ("user", "Two?"),
    ]
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("name", ["{0}", "http://127.0.0.1:8000/c/{0}/"])
def test_continue_takes_an_id_or_an_address(chat, provider, alice, persona, name):
    older = make_conversation(alice, persona)
    add_turn(older, "Old question", "Old answer")
    make_conversation(alice, persona)
    chat("--continue", name.format(older.pk), "--once", "And now?")
    assert ("assistant", "Old answer") in sent(provider)


def test_continue_refuses_what_is_not_yours(chat, alice, persona):
    bob = User.objects.create_user("bob")
    his = make_conversation(bob, persona)
    with pytest.raises(CommandError, match="You have no conversation"):
        chat("--user", "alice", "--continue", str(his.pk), "--once", "Hi")
    with pytest.raises(CommandError, match="no conversation to continue"):
        chat("--user", "alice", "--continue", "--once", "Hi")
    with pytest.raises(CommandError, match="You have no conversation"):
        chat("--user", "alice", "--continue", "nonsense", "--once", "Hi")


def test_a_conversation_keeps_its_persona(chat):
    with pytest.raises(CommandError, match="keeps its persona"):
        chat("--continue", "--persona", "helper")


# ── who talks to whom ─────────────────────────────────────────────────────────────
def test_without_a_name_it_is_the_only_person(chat, alice):
    chat("--persona", "helper", "--once", "Hi")
    assert Conversation.objects.get().owner == alice


def test_without_a_name_the_only_administrator_comes_first(chat):
    root = User.objects.create_superuser("root")
    chat("--persona", "helper", "--once", "Hi")
    assert Conversation.objects.get().owner == root


@pytest.mark.parametrize("name", ["bob", "bob@example.org", "BOB@example.org"])
def test_a_person_is_named_by_user_name_or_email(chat, name):
    bob = User.objects.create_user("bob", "bob@example.org")
    chat("--user", name, "--persona", "helper", "--once", "Hi")
    assert Conversation.objects.get().owner == bob


def test_who_it_is_must_be_clear(chat):
    with pytest.raises(CommandError, match="nobody called “eve”"):
        chat("--user", "eve")
    User.objects.create_user("bob")
    with pytest.raises(CommandError, match="--user NAME"):
        chat()
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="createsuperuser"):
        chat()
    with pytest.raises(CommandError, match="nobody called “alice”"):
        chat("--user", "alice")


def test_without_a_persona_it_is_the_last_one(chat, provider):
    make_persona("poet", instructions="Rhyme.")
    chat("--persona", "poet", "--once", "Hi")
    chat("--once", "Hi")
    assert sent(provider)[0] == ("system", "Rhyme.")


def test_only_personas_one_may_use_are_there(chat):
    make_persona("secret", state="draft")
    with pytest.raises(CommandError, match=r"no persona “secret” for you.*helper"):
        chat("--persona", "secret")


# ── for this run ──────────────────────────────────────────────────────────────────
def test_model_temperature_and_instructions_hold_for_this_run(chat, provider, persona):
    options = ["--model", "big", "--temperature", "0.2", "--system", "Be long."]
    chat("--persona", "helper", *options, "--once", "Hi")
    body = provider.bodies[0]
    assert (body["model"], body["temperature"]) == ("big", 0.2)
    assert sent(provider)[0] == ("system", "Be long.")

    chat("--continue", "--once", "Hi again")
    body = provider.bodies[1]
    assert (body["model"], body["temperature"]) == ("gpt-4o-mini", 0.7)
    assert sent(provider)[0] == ("system", "Be brief.")
    assert persona.versions.count() == 1


def test_no_instructions_at_all(chat, provider):
    chat("--persona", "helper", "--system", "", "--once", "Hi")
    assert sent(provider) == [("user", "Hi")]


def test_the_reply_remembers_what_it_was_told(chat):
    chat("--persona", "helper", "--temperature", "0", "--once", "Hi")
    assert Generation.objects.get().overrides == {"temperature": 0}


@pytest.mark.parametrize("temperature", ["-0.1", "2.1", "nan", "warm"])
def test_a_temperature_is_a_number_from_0_to_2(chat, temperature):
    with pytest.raises(CommandError, match="not a number from 0 to 2"):
        chat(f"--temperature={temperature}")


def test_the_demo_model_is_the_only_one_without_a_provider(chat, settings):
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    assert "demo model" in chat("--persona", "helper", "--once", "Who are you?").out
    with pytest.raises(CommandError, match=r"no model “big”.*“demo \(Environment\)”"):
        chat("--model", "big")


# ── by pipe ───────────────────────────────────────────────────────────────────────
def test_each_line_piped_in_is_a_question(chat, provider):
    provider.reply("First")
    provider.reply("Second")
    run = chat("--persona", "helper", piped="One?\n\n  \nTwo?")
    assert run == Run("First\n\nSecond\n", "", 0)
    assert [text for role, text in sent(provider)[1:]] == ["One?", "First", "Two?"]


@pytest.mark.parametrize(
    "word", ["exit", "quit", "stop", "keluar", "退出", "종료", "  EXIT  ", "Keluar"]
)
def test_a_last_word_leaves(chat, provider, word):
    run = chat("--persona", "helper", piped=f"One?\n{word}\nTwo?\n")
    assert run.status == 0
    assert len(provider.requests) == 1


def test_a_last_word_inside_a_question_does_not_leave(chat, provider):
    chat("--persona", "helper", piped="How do I exit vim?\nstop it\n")
    assert len(provider.requests) == 2


def test_the_whole_input_can_be_one_question(chat, provider):
    chat("--persona", "helper", "--once", "-", piped="Read this:\n\nexit\nprint(1)\n")
    assert sent(provider)[-1] == ("user", "Read this:\n\nexit\nprint(1)")


def test_a_pipe_gets_the_markdown_and_nothing_else(chat, provider):
    provider.reply("| a |\n|---|\n| 1 |\n")
    assert chat("--persona", "helper", piped="Table?").out == "| a |\n|---|\n| 1 |\n"


# ── what goes wrong ───────────────────────────────────────────────────────────────
def test_an_error_is_one_line_and_the_loop_goes_on(chat, provider):
    provider.fail(401, error={"code": "invalid_api_key", "message": "Bad sk-123"})
    provider.reply("Here again")
    run = chat("--persona", "helper", piped="One?\nTwo?\n")
    assert run.out.strip() == "Here again"
    assert run.err.count("\n") == 1
    assert "did not accept this site's key" in run.err
    assert "sk-123" not in run.err
    assert run.status == 1
    assert sent(provider)[-1] == ("user", "Two?")


def test_once_fails_with_the_reply(chat, provider):
    provider.fail(500)
    run = chat("--persona", "helper", "--once", "Hi")
    assert (run.out, run.status) == ("", 1)
    assert run.err.count("\n") == 1


def test_what_was_written_before_an_error_is_shown(chat, provider):
    provider.reply("Half of it", finish=None, done=False)
    run = chat("--persona", "helper", "--once", "Hi")
    assert (run.out, run.status) == ("Half of it\n", 1)
    assert run.err == "The reply was cut off before its end.\n"


def test_a_question_that_is_refused(chat, provider, settings):
    settings.CHAT_MAX_MESSAGE_CHARACTERS = 5
    run = chat("--persona", "helper", piped="Too long\nHi\n")
    assert run.err == "Your message has 8 characters; at most 5 fit.\n"
    assert run.out.strip() == provider.default_text
    assert chat("--once", " ").status == 1
