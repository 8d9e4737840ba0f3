"""The files of transfers: what came in, until it is read, and what is to be fetched.

They are in DATA_DIR/transfers/, readable by the site alone. Where several machines
serve the site, they share that folder.
"""

import os
from contextlib import suppress

from django.conf import settings


def folder():
    """Return the folder of these files, which is there from now on."""
    path = settings.DATA_DIR / "transfers"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def source_path(transfer):
    """Return where the file of an import is."""
    return folder() / transfer.source_file


def result_path(transfer):
    """Return where the file of an export is."""
    return folder() / transfer.result_file


def create(path):
    """Open a new file there for reading and writing; nobody else may read it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC
    return os.fdopen(os.open(path, flags, 0o600), "w+b")


def remove(name):
    """Remove the file called `name`; "" and what is gone are no error."""
    if name:
        with suppress(FileNotFoundError):
            (folder() / name).unlink()
