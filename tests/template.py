"""What every site starts with, to be copied: it takes seconds to be made.

A database that is migrated and empty, and the collected static files.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.environment import DATA_DIR, ROOT

NAME = "template_site"  # of PostgreSQL's, of which others are made


def copy_sqlite(folder):
    """Give a site whose DATA_DIR is `folder` its database, if it has none."""
    path = Path(folder) / "chatsite.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        shutil.copyfile(sqlite(), path)


@cache
def sqlite():
    """Return the path of the migrated database."""
    folder = _folder()
    _manage("migrate", DATA_DIR=str(folder), DATABASE_URL="")
    return folder / "chatsite.sqlite3"


@cache
def postgres(server):
    """Return the name of the migrated database of `server`, a PostgreSQL."""
    _manage("migrate", DATABASE_URL=server.url(NAME))
    return NAME


def copy_static_files(folder):
    """Give a site whose DATA_DIR is `folder` its static files, if it has none."""
    path = Path(folder) / "static"
    if not path.exists():
        shutil.copytree(static_files(), path)


@cache
def static_files():
    """Return the folder of the collected static files."""
    folder = _folder()
    _manage("collectstatic", "--noinput", DATA_DIR=str(folder))
    return folder / "static"


def _folder():
    folder = DATA_DIR / "template"
    folder.mkdir(exist_ok=True)
    return folder


def _manage(*command, **changes):
    environment = {n: v for n, v in (os.environ | changes).items() if v}
    arguments = [sys.executable, str(ROOT / "manage.py"), *command, "--verbosity=0"]
    subprocess.run(arguments, env=environment, check=True)
