"""The real server, in a process of its own, with a database of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading

from tests.environment import ROOT
from tests.fakes_wire import PATIENCE_SECONDS

READY, ENDED = "Ctrl-C ends it.", "— the server has ended —"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """`manage.py serve --prepare` on a free port; `settings` as in `.env.example`.

    Stopped and started again it is the same site at the same address.
    """

    def __init__(self, data_dir, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "DATA_DIR": str(data_dir),
            "EMAIL_URL": "consolemail://",
            "SHUTDOWN_GRACE_SECONDS": "1",
            **settings,
        }
        self.log = []
        self._logged = threading.Condition()

    def copy_static_files(self, other):
        """Take the static files that `other` has collected: that is quicker."""
        folders = (f"{site.environment['DATA_DIR']}/static" for site in (other, self))
        shutil.copytree(*folders)

    def start(self):
        """Start the server and wait until it listens."""
        self.process = subprocess.Popen(
            self._manage("serve", "--prepare"),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        begun = len(self.log)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        said = self.wait_logged(f"{READY}|{ENDED}", since=begun)
        assert said[0] == READY, self.tail()

    def _manage(self, *arguments):
        return [sys.executable, str(ROOT / "manage.py"), *arguments]

    def _read(self):
        with self.process.stdout as lines:
            for line in lines:
                self._write(line)
        self._write(f"{ENDED}\n")

    def _write(self, line):
        with self._logged:
            self.log.append(line)
            self._logged.notify_all()

    def wait_logged(self, pattern, *, since=0):
        """Wait for what the server says; return the match."""

        def found():
            return re.search(pattern, "".join(self.log[since:]))

        with self._logged:
            assert self._logged.wait_for(found, PATIENCE_SECONDS), self.tail()
            return found()

    def tail(self, lines=60):
        return "".join(self.log[-lines:])

    def stop(self):
        """End it as a deploy does, by SIGTERM; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self._reader.join(PATIENCE_SECONDS)
