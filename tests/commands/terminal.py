"""A person at a terminal: `manage.py` in a process of its own, behind a pty."""

import codecs
import os
import select
import subprocess
import sys

from django.conf import settings
from django.db import connection

from tests.patience import PATIENCE_SECONDS

CTRL_C, CTRL_D = "\x03", "\x04"

# Makes the pty the process's own terminal, from which Ctrl-C is a signal, also where
# the tests run in the background and have been told to ignore it.
LOGIN = """\
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.login_tty(int(sys.argv[1]))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Session:
    """`with Session("chat") as session`: type into it and wait for what it shows."""

    def __init__(self, *arguments):
        self.arguments, self.seen = arguments, ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def __enter__(self):
        self._keyboard, terminal = os.openpty()
        shim = [sys.executable, "-c", LOGIN, str(terminal)]
        command = [sys.executable, "manage.py", *self.arguments]
        self._process = subprocess.Popen(
            [*shim, *command], pass_fds=[terminal], env=_environment()
        )
        os.close(terminal)
        return self

    def __exit__(self, *exc_info):
        self._process.kill()
        self._process.wait()
        os.close(self._keyboard)

    def type(self, text):
        os.write(self._keyboard, text.encode())

    def press(self, key):
        """Type `key` until something happens.

        A signal that comes just before Python's prompt begins to wait is noticed with
        the next key only.
        """
        for _ in range(PATIENCE_SECONDS):
            self.type(key)
            if self._is_ready(1):
                return
        raise AssertionError(f"nothing after {self.seen!r}")

    def wait_for(self, words):
        """Wait until `words` are shown, and return all that was shown until then."""
        while words not in self.seen:
            assert self._read(), f"it ended without {words!r}: {self.seen!r}"
        before, _, self.seen = self.seen.partition(words)
        return before

    def wait_end(self):
        """Wait until it has ended; return its exit status."""
        while self._read():
            pass
        return self._process.wait(PATIENCE_SECONDS)

    def _is_ready(self, seconds):
        return bool(select.select([self._keyboard], [], [], seconds)[0])

    def _read(self):
        assert self._is_ready(PATIENCE_SECONDS), f"nothing after {self.seen!r}"
        try:
            data = os.read(self._keyboard, 65_536)
        except OSError:  # how Linux says that the other side is closed
            data = b""
        self.seen += self._decoder.decode(data)
        return data


def _environment():
    """The environment of the tests, with their database and their provider."""
    return os.environ | {
        "DATABASE_URL": _database_url(),
        "OPENAI_BASE_URL": settings.OPENAI_BASE_URL,
        "OPENAI_API_KEY": settings.OPENAI_API_KEY,
        "OPENAI_MAX_RETRIES": "0",
        "TERM": "xterm",
        "INPUTRC": os.devnull,
    }


def _database_url():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return "postgres://{USER}@{HOST}:{PORT}/{NAME}".format_map(database)
