"""The server as a process: how it starts, what it says, how it ends."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from tests.environment import ROOT
from tests.fakes import ScriptedProvider


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Serving:
    """A `manage.py serve` with a database of its own."""

    def __init__(self, folder, *arguments, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *arguments],
            cwd=ROOT,
            env=self._environment(folder, environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines = queue.Queue()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _environment(self, folder, changes):
        """Ours, with `changes`; None takes a variable away."""
        given = {"DATA_DIR": str(folder), "PORT": str(self.port)}
        found = os.environ | given | changes
        return {name: value for name, value in found.items() if value is not None}

    def _listen(self):
        """Read all it says: a server that nobody reads stands still."""
        with self.process.stdout as said:
            for line in said:
                self._lines.put(line)
        self._lines.put(None)

    def until(self, words):
        """Wait until it says `words`; return all it said until then."""
        said = ""
        while (line := self._lines.get(timeout=30)) is not None:
            said += line
            if words in line:
                return said
        raise AssertionError(f"it never said {words!r}:\n{said}")

    def all(self):
        """Wait until it ended; return what it had still to say."""
        self.process.wait(30)
        return "".join(iter(self._lines.get, None))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._listener.join()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as response:
            return response.read().decode()

    @property
    def exit_code(self):
        return self.process.wait(30)


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(*arguments, **environment):
        serving = Serving(tmp_path, *arguments, **environment)
        started.append(serving)
        return serving

    yield start
    for serving in started:
        serving.kill()


def test_first_start_migrates_listens_and_says_what_matters(serve):
    serving = serve("--prepare")
    said = serving.until("Ctrl-C")
    assert serving.url in said
    assert "demo model" in said
    assert serving.get("/health/") == "ok"


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


def test_question_that_a_dead_server_left_is_answered_by_the_next(serve, tmp_path):
    with ScriptedProvider() as provider:
        hold = provider.hold()
        provider.reply_pieces(["Here I am.", hold])
        settings = {
            "OPENAI_BASE_URL": provider.base_url,
            "OPENAI_API_KEY": provider.api_key,
        }
        first = serve("--prepare", **settings)
        first.until("Ctrl-C")
        first.kill()
        leave_question(tmp_path)
        serve(**settings)
        hold.wait_reached()
        hold.release()


def leave_question(folder):
    """Leave a question in the database that nobody has begun to answer."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", QUESTION],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(folder)},
        check=True,
    )


QUESTION = """
from conversations.models import Persona, User
from tests.base import add_turn, make_conversation
alice = User.objects.create_user("alice")
add_turn(make_conversation(alice, Persona.objects.first()), "Anybody?", None)
"""


def test_sigterm_ends_it_with_code_0(serve):
    serving = serve("--prepare")
    serving.until("Ctrl-C")
    serving.process.send_signal(signal.SIGTERM)
    assert serving.exit_code == 0


def test_busy_port_gets_one_sentence(serve):
    first = serve("--prepare")
    first.until("Ctrl-C")
    second = serve(PORT=str(first.port))
    said = second.all()
    assert second.exit_code == 1
    assert f"Port {first.port} is in use" in said
    assert "Traceback" not in said


def test_unmigrated_database_is_not_served(serve):
    serving = serve()
    said = serving.all()
    assert serving.exit_code == 1
    assert "python manage.py migrate" in said


def test_missing_secret_key_gets_one_sentence(serve):
    serving = serve(SECRET_KEY=None)
    said = serving.all()
    assert serving.exit_code == 1
    assert "make .env" in said
    assert "Traceback" not in said
