"""The server as a process: how it starts, what it says, how it ends."""

import os
import re
import signal
import socket
import stat

import pytest

from tests.fakes import ScriptedProvider


def test_first_start_migrates_listens_and_says_what_matters(serve, unmigrated):
    serving = serve("--prepare")
    said = serving.until("Ctrl-C")
    assert serving.url in said
    assert "demo model" in said
    assert serving.get("/health/live/")


def test_static_files_of_before_an_upgrade_are_collected_anew(serve, tmp_path):
    first = serve("--prepare")
    first.until("Ctrl-C")
    assert first.end() == 0
    manifest = tmp_path / "static" / "staticfiles.json"
    os.utime(manifest, (0, 0))
    serve().until("Ctrl-C")  # it is served as it is: nobody asked to prepare it
    assert manifest.stat().st_mtime == 0
    serve("--prepare").until("Ctrl-C")
    assert manifest.stat().st_mtime > 0


def test_link_for_the_first_administrator_works_while_there_is_none(serve):
    serving = serve("--prepare")
    said = serving.until("Ctrl-C")
    link = re.search(r"(/setup/\S+)", said)[1]
    assert "<form" in serving.get(link)


def test_administrator_is_made_unattended(serve):
    serving = serve(
        "--prepare",
        DJANGO_SUPERUSER_USERNAME="root",
        DJANGO_SUPERUSER_PASSWORD="correct horse battery",
    )
    assert "/setup/" not in serving.until("Ctrl-C")


def test_question_that_a_dead_server_left_is_answered_by_the_next(serve, manage):
    with ScriptedProvider() as provider:
        hold = provider.hold()
        provider.reply_pieces(["Here I am.", hold])
        first = serve("--prepare", **access_to(provider))
        first.until("Ctrl-C")
        first.kill()
        leave_question(manage)
        serve(**access_to(provider))
        hold.wait_reached()
        hold.release()


def access_to(provider):
    return {"OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": provider.api_key}


def leave_question(manage):
    """Leave a question in the database that nobody has begun to answer."""
    assert manage("shell", "-v0", "-c", QUESTION).exit_code == 0


QUESTION = """
from conversations.models import Persona, User
from tests.base import add_turn, make_conversation
alice = User.objects.create_user("alice")
add_turn(make_conversation(alice, Persona.objects.first()), "Anybody?", None)
"""
STATES = """
from conversations.models import Generation
print(list(Generation.objects.values_list("state", "message__text")))
"""


def test_sigterm_ends_it_with_code_0(serve):
    serving = serve("--prepare")
    serving.until("Ctrl-C")
    assert serving.end() == 0


def test_second_sigterm_means_now(serve, manage):
    with ScriptedProvider() as provider:
        hold = provider.hold()
        provider.reply_pieces(["So far.", hold])
        serving = serve(
            "--prepare", SHUTDOWN_GRACE_SECONDS="600", **access_to(provider)
        )
        serving.until("Ctrl-C")
        leave_question(manage)
        hold.wait_reached()
        serving.send(signal.SIGTERM)
        wait_refused(serving.port)
        assert serving.end() == 0
        assert manage("shell", "-v0", "-c", STATES).all() == (
            "[('interrupted', 'So far.')]\n"
        )
        hold.release()


def wait_refused(port):
    """Wait until nobody is let in any more."""
    try:
        while True:
            socket.create_connection(("127.0.0.1", port), 10).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return


def test_busy_port_gets_one_sentence(serve):
    first = serve("--prepare")
    first.until("Ctrl-C")
    second = serve(PORT=str(first.port))
    said = second.all()
    assert second.exit_code == 1
    assert f"Port {first.port} is in use" in said
    assert "Traceback" not in said


def test_unmigrated_database_is_not_served(serve, unmigrated, tmp_path):
    folder = tmp_path / "of" / "the site"
    serving = serve(DATA_DIR=str(folder))
    said = serving.all()
    assert serving.exit_code == 1
    assert "python manage.py migrate" in said
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_folder_that_cannot_be_made_gets_one_sentence(serve, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    serving = serve(DATA_DIR=str(in_the_way / "data"))
    said = serving.all()
    assert serving.exit_code == 1
    assert "DATA_DIR cannot be made" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_secret_key_nothing_is_served_and_that_is_said(serve, key):
    """As where somebody has copied `.env.example`, and filled in nothing."""
    serving = serve("--prepare", SECRET_KEY=key)
    said = serving.all()
    assert serving.exit_code == 1
    assert "SECRET_KEY" in said
    assert "make .env" in said
    assert "Traceback" not in said
