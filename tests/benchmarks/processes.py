"""Processes that are started, weighed and always ended."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.environment import ROOT

PATIENCE_SECONDS = 30
POLL_SECONDS = 0.005
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
# Waits for time to pass; nobody ever sets it.
_never = threading.Event()


def pause(seconds):
    _never.wait(seconds)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Process:
    """A Python program that runs as long as the `with` block; it writes to `log`."""

    def __init__(self, *arguments, log, env=None):
        self.arguments, self.log, self.env = arguments, Path(log), env or {}

    def __enter__(self):
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                [sys.executable, *self.arguments],
                cwd=ROOT,
                env=os.environ | self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def __exit__(self, *exc_info):
        with contextlib.suppress(ProcessLookupError):
            self._popen.terminate()
        try:
            self._popen.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()

    def wait_for(self, found):
        """Wait until `found()` is true; RuntimeError with the log if it ends first."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (answer := found()):
            if self._popen.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.arguments}: {self.log.read_text()[-3000:]}")
            pause(POLL_SECONDS)
        return answer

    @property
    def cpu_seconds(self):
        """CPU time of the process so far, None where the system does not tell."""
        try:
            fields = Path(f"/proc/{self._popen.pid}/stat").read_text()
        except OSError:
            return None
        user, system = fields.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS

    @property
    def resident_mb(self):
        """Megabytes of memory of the process, None where the system does not tell."""
        try:
            lines = Path(f"/proc/{self._popen.pid}/status").read_text().splitlines()
        except OSError:
            return None
        kilobytes = next(int(x.split()[1]) for x in lines if x.startswith("VmRSS:"))
        return kilobytes * 1024 / 1e6


class Server(Process):
    """A process that answers HTTP at `origin`."""

    first_path = "/"

    def __init__(self, *arguments, port, **how):
        super().__init__(*arguments, **how)
        self.port, self.origin = port, f"http://127.0.0.1:{port}"

    def __enter__(self):
        started = time.perf_counter()
        super().__enter__()
        try:
            self.wait_for(self._answers)
        except BaseException:
            self.__exit__()
            raise
        self.start_seconds = time.perf_counter() - started
        return self

    def _answers(self):
        try:
            return get(self.port, self.first_path)[0] == 200
        except OSError:
            return False


def get(port, path, *, cookie="", connection=None):
    """Return `(status, body)` of one request, over `connection` if one is kept."""
    own = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    own.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = own.getresponse()
    body = response.read()
    if connection is None:
        own.close()
    return response.status, body
