"""The three servers of a benchmark: the site, what it asks, and the control."""

import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.daemon import free_port
from tests.environment import DATA_DIR, ROOT

from .processes import Process, Server


class Upstream(Process):
    """The fake provider in its own process, at `base_url`; see `upstream.py`.

    `rich` sends Markdown of every kind instead of plain words, so many characters a
    token.
    """

    def __init__(self, *, tokens=200, rate=50, rich=0):
        paced = ["--tokens", str(tokens), "--rate", str(rate), "--rich", str(rich)]
        log = Path(tempfile.mkdtemp(dir=DATA_DIR)) / "upstream.log"
        super().__init__("-m", "tests.benchmarks.upstream", *paced, log=log)

    def start(self):
        super().start()
        self.base_url = self.wait_for(self._announced)

    def _announced(self):
        return self.log.read_text().partition("\n")[0].strip()

    @property
    def port(self):
        return int(self.base_url.rsplit(":", 1)[1].split("/")[0])


class Site(Server):
    """chatsite as `manage.py serve` runs it, on SQLite of its own unless `env` says."""

    first_path = "/accounts/login/"

    def __init__(self, base_url, *, processes=1, env=None):
        folder = Path(tempfile.mkdtemp(dir=DATA_DIR))
        shutil.copytree(prepared(), folder, dirs_exist_ok=True)
        port = free_port()
        own = {"HOST": "127.0.0.1", "PORT": str(port), "DATA_DIR": str(folder)}
        own |= {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "benchmark"}
        super().__init__(
            *("manage.py", "serve", "--processes", str(processes)),
            port=port,
            log=folder / "site.log",
            env=own | (env or {}),
        )

    def rows(self, function, **options):
        """Call `rows.<function>(**options)` on the site's database; return its answer.

        It runs in a process of its own, so that nothing of it is in the site's memory.
        """
        call = f"from tests.benchmarks import rows; rows.answer({function!r}"
        command = ["manage.py", "shell", "-v", "0", "-c", f"{call}, **{options!r})"]
        return json.loads(run(*command, env=self.env).splitlines()[-1])


class Control(Server):
    """Daphne with next to nothing behind it; see `control.py`."""

    def __init__(self):
        port = free_port()
        at = ["-b", "127.0.0.1", "-p", str(port)]
        log = Path(tempfile.mkdtemp(dir=DATA_DIR)) / "control.log"
        application = "tests.benchmarks.control:application"
        super().__init__("-m", "daphne", *at, application, port=port, log=log)


@functools.cache
def prepared():
    """Return a data folder with a migrated database and collected static files."""
    folder = Path(tempfile.mkdtemp(dir=DATA_DIR))
    env = {"DATA_DIR": str(folder)}
    run("manage.py", "migrate", "-v", "0", env=env)
    run("manage.py", "collectstatic", "--noinput", "-v", "0", env=env)
    return folder


def run(*arguments, env):
    """Run a Python program to its end and return what it wrote."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | env,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stderr[-3000:]}")
    return done.stdout


@contextlib.contextmanager
def served(**paced):
    """Run an Upstream, and a Site that asks it, for the `with` block."""
    with Upstream(**paced) as upstream, Site(upstream.base_url) as site:
        yield upstream, site
