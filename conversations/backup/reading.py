import json
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections, transaction
from django.db.migrations.loader import MigrationLoader

from conversations.models import AuditEntry, User
from conversations.models.audit import first_broken

from . import media
from .failures import BackupError
from .loading import empty, load, mended
from .snapshots import opened
from .tables import fingerprint, kept_models, left_out_models, names_of
from .writing import (
    DATABASE,
    FORMAT,
    KINDS,
    MANIFEST,
    SQLITE,
    VERSION,
    migrations_of,
    table_file,
)

MOST_MANIFEST_BYTES = 64 << 20
MOST_TOLD = 200  # characters of an error
_OURS = f"{User._meta.app_label}."
# What reading may come to where no backup of ours is written so.
_MALFORMED = (
    *(AttributeError, LookupError, OverflowError, TypeError, ValueError),
    *(DatabaseError, ValidationError, sqlite3.Error),
    RuntimeError,  # of ZIP: encrypted, packed in a way unknown; of JSON: too deep
)


def restore(path, *, replace=False, using="default", told=lambda label: None):
    """Have the site be as the archive `path` has it; return its manifest.

    A database in which somebody has an account is replaced only with `replace`. Every
    table is read again and compared before anything counts. Raises BackupError; then
    all is as before.
    """
    with _opened(path) as archive:
        manifest = _manifest(archive)
        _check_target(manifest, using, replace)
        with _folder_beside() as folder:
            files = Path(folder) / "media"
            files.mkdir(mode=0o700)
            media.unpack(archive, manifest["media"], files)
            with media.in_place(files):
                if manifest["kind"] == SQLITE:
                    _restore_image(archive, manifest, using, Path(folder))
                else:
                    _restore_tables(archive, manifest, using, told)
    return manifest


def _folder_beside():
    """Return a new folder on the disk of the files: they are moved, not copied."""
    try:
        media.home().mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=media.home(), prefix=media.ASIDE)
    except OSError as error:
        raise BackupError(
            f"Nothing can be written in {media.home()}: {error.strerror}"
        ) from error


@contextmanager
def _opened(path):
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error
    except _MALFORMED as error:
        why = f"{type(error).__name__}: {error}"[:MOST_TOLD]
        raise BackupError(f"{path} holds what no backup holds. {why}") from error


def _manifest(archive):
    with archive.open(MANIFEST) as file:
        manifest = json.loads(file.read(MOST_MANIFEST_BYTES))
    known = {"format": FORMAT, "version": VERSION}
    if not known.items() <= manifest.items() or manifest["kind"] not in KINDS:
        raise BackupError("This is no backup that this version of the site can read.")
    return manifest


def _check_target(manifest, using, replace):
    connection = connections[using]
    is_image = manifest["kind"] == SQLITE
    if is_image and connection.vendor != "sqlite":
        raise BackupError(
            "This backup is an image of SQLite, and this is another database. "
            "Restore it where DATABASE_URL is empty, then make a portable one there."
        )
    has_tables = User._meta.db_table in connection.introspection.table_names()
    if has_tables and not replace and _has_people(using):
        raise BackupError(
            "There are accounts in this database. With --replace, all that is in it "
            "is given up for what the backup has."
        )
    if is_image:
        return
    if not has_tables or migrations_of(using) != manifest["migrations"]:
        raise BackupError(
            "The backup is of another version of the site than this database. Run "
            "manage.py migrate; if that does not help, restore it with the version "
            "that made it, then upgrade."
        )


def _migrations_of_the_code(using):
    loader = MigrationLoader(connections[using])
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations)


def _has_people(using):
    return any(
        model._base_manager.using(using).exists() for model in (User, AuditEntry)
    )


def _restore_tables(archive, manifest, using, told):
    models = kept_models()
    if set(models) != set(manifest["tables"]):
        raise BackupError("The backup has other tables than this site.")
    try:
        with transaction.atomic(using=using), mended(using):
            empty([*models.values(), *left_out_models()], using)
            for label, model in models.items():
                told(label)
                if names_of(model) != manifest["tables"][label]["columns"]:
                    raise BackupError(f"{label} has other columns than in the backup.")
                with archive.open(table_file(label)) as file:
                    load(model, file, using)
            _compare(manifest, using)
    except DatabaseError as error:
        raise BackupError(f"The database did not take it: {error}") from error


def _compare(manifest, using):
    """Read every table again: nothing counts before it is what the backup says."""
    for label, model in kept_models().items():
        facts = manifest["tables"][label]
        found = fingerprint(model, using)
        if found != {name: facts[name] for name in found}:
            raise BackupError(
                f"{label} did not come back as it was: {found['rows']} rows of "
                f"{facts['rows']}, or other ones."
            )
    if using == "default" and (broken := first_broken()):
        number, wrong = broken
        raise BackupError(f"In the audit log of the backup, entry {number} {wrong}.")


def _check_origin(alias):
    """Refuse a database that no version of this site up to now has made."""
    made = {name for name in migrations_of(alias) if name.startswith(_OURS)}
    if not made or made - set(_migrations_of_the_code(alias)):
        raise BackupError(
            "The database in the backup is of a newer version of the site, or of "
            "something else."
        )


def _restore_image(archive, manifest, using, folder):
    """Put the file in the place of this database, also of one that is being read."""
    image = folder / DATABASE
    with archive.open(DATABASE) as source, image.open("wb") as target:
        if media.copy(source, target) != manifest["database"]:
            raise BackupError("The database in the backup is damaged.")
    connection = connections[using]
    connection.ensure_connection()
    with closing(sqlite3.connect(image)) as source:
        if source.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise BackupError("The database in the backup is damaged.")
        for model in left_out_models():
            source.execute(f"DELETE FROM {model._meta.db_table}")
        source.commit()
    with opened(connection, image) as alias:
        _check_origin(alias)
        is_comparable = migrations_of(alias) == _migrations_of_the_code(alias)
        if is_comparable:
            _compare(manifest, alias)
    with closing(sqlite3.connect(image)) as source:
        source.backup(connection.connection)
    connection.close()
    if is_comparable:
        _compare(manifest, using)
