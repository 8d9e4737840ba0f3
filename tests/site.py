"""The real server, in a process of its own, with a database of its own."""

import itertools
import os
import re
import signal
import subprocess
import sys
import threading

from tests import stack
from tests.daemon import free_port
from tests.environment import ROOT
from tests.patience import PATIENCE_SECONDS, START_SECONDS

READY, ENDED = "Ctrl-C ends it.", "— the server has ended —"


class Site:
    """`manage.py serve --prepare` on a free port; `settings` as in `.env.example`.

    None for a setting: it is not set. Stopped and started again it is the same site at
    the same address. Several are one site when they have the same SITE_URL,
    DATABASE_URL and REDIS_URL, and the same `data_dir`.
    """

    process = None

    def __init__(self, data_dir, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = (
            os.environ
            | stack.environment(data_dir)
            | {
                "PORT": str(self.port),
                "SITE_URL": self.url,
                "DATA_DIR": str(data_dir),
                "EMAIL_URL": "consolemail://",
                "SHUTDOWN_GRACE_SECONDS": "1",
                **settings,
            }
        )
        self.environment = {n: v for n, v in environment.items() if v is not None}
        self.log = []
        self._logged = threading.Condition()

    # ── its life ──────────────────────────────────────────────────────────────────
    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

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
        said = self.wait_logged(
            f"{READY}|{ENDED}", since=begun, patience_seconds=START_SECONDS
        )
        if said[0] == ENDED:
            self.wait()
            raise AssertionError(self.tail())

    def _manage(self, *arguments):
        return [sys.executable, str(ROOT / "manage.py"), *arguments]

    def stop(self):
        """End it as a deploy does, by SIGTERM; return its exit code."""
        self.terminate()
        return self.wait()

    def terminate(self):
        """Send SIGTERM and do not wait."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        """End it as a power cut does, by SIGKILL."""
        self.process.kill()
        self.wait()

    def wait(self, patience_seconds=PATIENCE_SECONDS):
        """Wait until it has ended; return its exit code."""
        try:
            return self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self._reader.join(PATIENCE_SECONDS)

    # ── what it says ──────────────────────────────────────────────────────────────
    def _read(self):
        with self.process.stdout as lines:
            for line in lines:
                self._write(line)
        self._write(f"{ENDED}\n")

    def _write(self, line):
        with self._logged:
            self.log.append(line)
            self._logged.notify_all()

    def wait_logged(
        self, pattern, *, times=1, since=0, patience_seconds=PATIENCE_SECONDS
    ):
        """Wait for what the server says, so many times; return the last match."""

        def found():
            matches = re.finditer(pattern, "".join(self.log[since:]))
            return next(itertools.islice(matches, times - 1, None), None)

        with self._logged:
            assert self._logged.wait_for(found, patience_seconds), self.tail()
            return found()

    def tail(self, lines=60):
        return "".join(self.log[-lines:])
