"""`manage.py` as a process: what it says, how it ends."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import urllib.request

from tests.daemon import free_port
from tests.environment import ROOT
from tests.patience import PATIENCE_SECONDS, START_SECONDS


class Running:
    """A command of `manage.py` with `changes` to our environment; None takes away."""

    def __init__(self, *command, **changes):
        environment = os.environ | changes
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={n: value for n, value in environment.items() if value is not None},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        """Read all it says: a process that nobody reads stands still."""
        with self.process.stdout as said:
            for line in said:
                self._lines.put(line)
        self._lines.put(None)

    def until(self, words):
        """Wait until it says `words`; return all it said until then."""
        said = ""
        while (line := self._lines.get(timeout=START_SECONDS)) is not None:
            said += line
            if words in line:
                return said
        raise AssertionError(f"it never said {words!r}:\n{said}")

    def all(self):
        """Wait until it ended; return what it had still to say."""
        self.process.wait(START_SECONDS)
        return "".join(iter(self._lines.get, None))

    def send(self, number):
        self.process.send_signal(number)

    def end(self):
        """End it as a deploy does; return its exit code."""
        self.send(signal.SIGTERM)
        return self.exit_code

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """End it for sure, and whoever else still writes to our pipe."""
        if self.process.poll() is None:
            self.send(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reader.join(PATIENCE_SECONDS)

    @property
    def exit_code(self):
        return self.process.wait(START_SECONDS)


class Serving(Running):
    """`manage.py serve` on a free port."""

    def __init__(self, *arguments, **changes):
        self.port = int(changes.setdefault("PORT", str(free_port())))
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__("serve", *arguments, **changes)

    def get(self, path):
        with urllib.request.urlopen(
            self.url + path, timeout=PATIENCE_SECONDS
        ) as response:
            return response.read().decode()

    def next_process(self):
        """Wait until one of its processes serves; return its id."""
        return int(re.search(r"Process (\d+) serves", self.until("serves."))[1])
