"""Processes that are started, weighed and always ended."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.environment import ROOT

PATIENCE_SECONDS = 30
POLL_SECONDS = 0.005
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
# As where it is installed: who compiles all modules anew at each start measures that.
KEEPS_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
# Waits for time to pass; nobody ever sets it.
_never = threading.Event()


def pause(seconds):
    _never.wait(seconds)


class Process:
    """A Python program that runs as long as the `with` block; it writes to `log`."""

    def __init__(self, *arguments, log, env=None):
        self.arguments, self.log, self.env = arguments, Path(log), env or {}

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def start(self):
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                [sys.executable, *self.arguments],
                cwd=ROOT,
                env=os.environ | KEEPS_BYTECODE | self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self):
        """End it by SIGTERM, as a deploy does."""
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
    def pid(self):
        return self._popen.pid

    @property
    def cpu_seconds(self):
        """CPU time so far, children included; None where the system does not tell."""
        return cpu_seconds(self.pid)

    @property
    def resident_mb(self):
        """Megabytes of memory of the process, None where the system does not tell."""
        return _status_mb(self.pid, "VmRSS:")

    @property
    def most_mb(self):
        """The most megabytes so far, or since `forget_most()`."""
        return _status_mb(self.pid, "VmHWM:")

    def forget_most(self):
        with contextlib.suppress(OSError):
            Path(f"/proc/{self.pid}/clear_refs").write_text("5")


def cpu_seconds(pid):
    """Return the CPU time of a process with all its children, those that ended too."""
    try:
        ids = [pid, *_children(pid)]
        stats = [Path(f"/proc/{pid}/stat").read_text() for pid in ids]
    except OSError:
        return None
    fields = (stat.rpartition(")")[2].split()[11:15] for stat in stats)
    return sum(sum(map(int, times)) for times in fields) / _TICKS


def _children(pid):
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            yield child
            yield from _children(child)


def _status_mb(pid, name):
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(x.split()[1]) for x in lines if x.startswith(name)) * 1024 / 1e6


class Server(Process):
    """A process that answers HTTP at `origin`."""

    first_path = "/"

    def __init__(self, *arguments, port, **how):
        super().__init__(*arguments, **how)
        self.port, self.origin = port, f"http://127.0.0.1:{port}"

    def start(self):
        started = time.perf_counter()
        super().start()
        try:
            self.wait_for(self._answers)
        except BaseException:
            self.stop()
            raise
        self.start_seconds = time.perf_counter() - started

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
