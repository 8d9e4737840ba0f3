import json
import os
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from . import media
from .failures import BackupError
from .snapshots import snapshot
from .tables import Fingerprint, fingerprint, kept_models, line_of, names_of, plain_rows

PORTABLE, SQLITE = "portable", "sqlite"
KINDS = (PORTABLE, SQLITE)
FORMAT, VERSION = "chatsite-backup", 1
MANIFEST, DATABASE = "manifest.json", "database.sqlite3"


def write(path, *, kind=PORTABLE, using="default", told=lambda label: None):
    """Write everything into the archive `path`, which must not be there yet.

    `told` hears the name of each table. The archive is there whole or not at all, and
    for this user of the machine alone. Return its manifest. Raises BackupError.
    """
    if kind == SQLITE and connections[using].vendor != "sqlite":
        raise BackupError("An image is made of SQLite only: this is another database.")
    if path.exists():
        raise BackupError(f"{path} is there already.")
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder,
        snapshot(using, Path(folder)) as alias,
        _archive(Path(folder) / "archive.zip", path) as archive,
    ):
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "kind": kind,
            "made_at": timezone.now().isoformat(),
            "migrations": migrations_of(alias),
            "tables": _write_tables(archive, alias, kind, told),
        }
        if kind == SQLITE:
            connections[alias].close()  # what its journal has is in the file then
            image = Path(folder) / "copy.sqlite3"
            with image.open("rb") as source:
                manifest["database"] = media.store(archive, DATABASE, source)
        manifest["media"] = media.pack(archive)
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def migrations_of(using):
    """Return which migrations a database has had, as `app.name`, in order."""
    applied = MigrationRecorder(connections[using]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _write_tables(archive, alias, kind, told):
    tables = {}
    for label, model in kept_models().items():
        told(label)
        if kind == SQLITE:
            facts = fingerprint(model, alias)
        else:
            facts = _write_table(archive, label, model, alias)
        tables[label] = {"columns": names_of(model), **facts}
    return tables


def _write_table(archive, label, model, alias):
    found = Fingerprint()
    with archive.open(table_file(label), "w", force_zip64=True) as file:
        for values in plain_rows(model, alias):
            line = line_of(values)
            found.add(line)
            file.write(line.encode() + b"\n")
    return found.told()


def table_file(label):
    return f"tables/{label}.jsonl"


@contextmanager
def _archive(part, path):
    """Yield an archive that is at `path` once it is whole and on the disk."""
    number = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
