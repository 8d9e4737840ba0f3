import json
import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from tests.environment import ROOT
from tests.patience import PATIENCE_SECONDS

CLOSE = "Connection: close\r\n"
# No rows: the application has none, and nobody looks after replies.
WITHOUT_ROWS = {
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "",
    "GENERATION_SWEEP_SECONDS": "1000",
}


class Served:
    """Our server, with the application of `tests.server.application`."""

    def __init__(self, environment, changes):
        with closing(socket.create_server(("127.0.0.1", 0), backlog=1024)) as listener:
            self.port = listener.getsockname()[1]
            arguments = [str(listener.fileno()), json.dumps(changes)]
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.server.application", *arguments],
                cwd=ROOT,
                env=os.environ | WITHOUT_ROWS | environment,
                pass_fds=[listener.fileno()],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.log = ""
        self._said = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        with self.process.stdout as lines:
            for line in lines:
                with self._said:
                    self.log += line
                    self._said.notify_all()

    def until(self, pattern):
        """Wait until it says so; return the match."""
        with self._said:
            assert self._said.wait_for(
                lambda: re.search(pattern, self.log), PATIENCE_SECONDS
            ), self.log
            return re.search(pattern, self.log)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)

    def ask(self, path, method="GET", body=b"", headers=CLOSE):
        """Send a request over a connection of its own; return all that comes back."""
        with self.connect() as connection:
            connection.sendall(request(path, method, body, headers))
            return read_all(connection)

    @property
    def exit_code(self):
        return self.process.wait(PATIENCE_SECONDS)

    def close(self):
        self.process.kill()
        self.process.wait()
        self._reader.join()


def request(path, method="GET", body=b"", headers=CLOSE):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n"
    return head.encode() + body


def read_all(connection):
    """Read until the other side closes, or breaks off."""
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found.decode("latin-1")


@pytest.fixture
def served():
    """Start servers: `served(http_timeout=1, SETTING="value")`; they are ended."""
    started = []

    def start(**given):
        environment = {n: v for n, v in given.items() if n.isupper()}
        changes = {n: v for n, v in given.items() if not n.isupper()}
        one = Served(environment, changes)
        started.append(one)
        one.until("ready")
        return one

    yield start
    for one in started:
        one.close()
