"""A server that tests start, and that ends with them, whatever happens."""

import collections
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from tests import debian
from tests.patience import PATIENCE_SECONDS

# Holds the other end of a pipe: the server ends on a line in it, which keeps the
# folder, or when nobody is left who could write one. A paused server must go on first.
GUARD = """
"$@" & exec >&- 2>&-
read -r keep || folder="$PWD"
kill -s "$0" $!; kill -s CONT $!; wait
[ -z "$folder" ] || rm -rf "$folder"
"""
READY = "ready to accept connections"
# Below those that clients are given. Workers side by side have parts of their own, as
# a server listens some time after its port was chosen, and may end and come back.
WORKERS = ("sqlite", "postgres", "once")
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
PORTS = range(20_000, 32_000)
if WORKER in WORKERS:
    PORTS = PORTS[WORKERS.index(WORKER) :: len(WORKERS)]
_given = set()


def free_port():
    """Return a port that nobody listens on, and that is given once."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


class Daemon:
    """A server of a port and a temporary folder of its own, for a `with` block."""

    package = program = end_signal = pid_file = ""
    owner = None  # the user it runs as; None: whoever runs the tests

    def __init__(self):
        self.program_path = self.find_or_install()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"chatsite-{self.package}-"))
        self._as_owner = {}
        if self.owner is not None:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
            user, group = self.owner.pw_uid, self.owner.pw_gid
            self._as_owner = {"user": user, "group": group, "extra_groups": []}
        self._process = None

    def __enter__(self):
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error):
        self.close()

    @classmethod
    def find(cls):
        """Return the path of the program; None without one."""
        return shutil.which(cls.program)

    @classmethod
    def find_or_install(cls):
        """Return the path of the program; FileNotFoundError says what to do."""
        path = cls.find()
        if not path:
            debian.install(cls.package)
            path = cls.find()
        if not path:
            raise FileNotFoundError(
                f"The tests need {cls.program}, and it could not be installed here. "
                f"Install it (Debian: apt install {cls.package})."
            )
        return path

    def prepare(self):
        """Do what must be done once, before the first start."""

    def start(self):
        """Start the server and wait until it answers."""
        self._process = subprocess.Popen(
            ["sh", "-c", GUARD, self.end_signal, *self.command()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            start_new_session=True,  # Ctrl-C in a terminal is not for the server
            **self._as_owner,
        )
        self.log = collections.deque(maxlen=200)
        self._spoke = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        in_time = self._spoke.wait(PATIENCE_SECONDS)
        if not in_time or not self._is_ready:
            self.close()
            raise RuntimeError(f"{self.program} does not start:\n{''.join(self.log)}")

    def _read(self):
        self._is_ready = False
        with self._process.stdout as lines:
            for line in lines:
                self.log.append(line)
                if READY in line.lower():
                    self._is_ready = True
                    self._spoke.set()
        self._spoke.set()

    def stop(self):
        """End the server; its port and its folder stay reserved for `start()`."""
        self._process.stdin.write("\n")
        self._end()

    def close(self):
        """End the server, if it runs, and remove its folder."""
        if self._process is not None:
            self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self):
        process, self._process = self._process, None
        process.stdin.close()
        process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)

    @property
    def pid(self):
        """The process id of the running server."""
        return int((self.folder / self.pid_file).read_text().split()[0])

    @property
    def guard_pid(self):
        """The process id of what ends the server after its tests."""
        return self._process.pid
