"""A database that is migrated and empty, to be copied: to migrate takes seconds."""

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
    folder = DATA_DIR / "template"
    folder.mkdir()
    _migrate(DATA_DIR=str(folder), DATABASE_URL="")
    return folder / "chatsite.sqlite3"


@cache
def postgres(server):
    """Return the name of the migrated database of `server`, a PostgreSQL."""
    _migrate(DATABASE_URL=server.url(NAME))
    return NAME


def _migrate(**changes):
    environment = {n: v for n, v in (os.environ | changes).items() if v}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
    subprocess.run(command, env=environment, check=True)
