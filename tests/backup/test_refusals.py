"""What is damaged, or not meant, changes nothing."""

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing

import pytest
from django.db import connection

from conversations import backup
from conversations.models import Message, Persona, User

from .site import fill, stored


@pytest.fixture
def archive(transactional_db, tmp_path):
    fill()
    path = tmp_path / "site.zip"
    backup.write(path)
    return path


def rewritten(path, change):
    """Return a copy of the archive in which `change(name, data)` is what is in it."""
    copy = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
    return copy


def refused(path, **options):
    """Restore what is refused; return why, having seen that nothing was changed."""
    avatar = Persona.objects.get(slug="helper").avatar_image.name
    with pytest.raises(backup.BackupError) as caught:
        backup.restore(path, **{"replace": True} | options)
    assert User.objects.get().username == "alice"
    assert Message.objects.count() == 4
    assert stored(avatar) == b"image"
    return str(caught.value)


def in_table(label, change):
    def changed(name, data):
        return change(data) if name == f"tables/{label}.jsonl" else data

    return changed


def in_manifest(**fields):
    def changed(name, data):
        if name != "manifest.json":
            return data
        return json.dumps(json.loads(data) | fields)

    return changed


def test_a_site_with_accounts_is_not_replaced_unasked(archive):
    assert "--replace" in refused(archive, replace=False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (in_table("conversations.Message", lambda d: d.replace(b"drink", b"drunk")),
         "conversations.Message did not come back"),
        (in_table("conversations.Message", lambda d: b"".join(d.splitlines(True)[1:])),
         ""),
        (in_table("conversations.AuditEntry", lambda d: d.replace(b'"A"', b'"B"')),
         "conversations.AuditEntry did not come back"),
        (in_table("conversations.User", lambda d: None), "cannot be read"),
        (lambda n, d: b"other" if n.startswith("media/") else d, "is damaged"),
        (in_manifest(media={"../evil.webp": {}}), "no name of a file"),
        (in_manifest(media={"/tmp/evil.webp": {}}), "no name of a file"),
        (in_manifest(migrations=["conversations.0001_initial"]), "another version"),
        (in_manifest(version=2), "no backup that this version"),
        (in_manifest(tables={}), "other tables"),
    ],
    ids=["a word", "a row", "the audit log", "a table", "a file", "a way out",
         "a root", "its version", "its format", "its tables"],
)  # fmt: skip
def test_what_is_not_as_it_was_is_refused(archive, change, reason):
    assert reason in refused(rewritten(archive, change))


def in_rows(label, change):
    def changed(data):
        rows = map(json.loads, data.splitlines())
        return "".join(f"{json.dumps(change(row))}\n" for row in rows)

    return in_table(label, changed)


def as_manifest(data):
    return lambda name, before: data if name == "manifest.json" else before


def test_what_nobody_has_written_as_a_backup_is_refused(archive, subtests):
    hostile = {
        "no JSON": as_manifest("{"),
        "no object": as_manifest("[]"),
        "deep": as_manifest("[" * 100_000),
        "files without names": in_manifest(media=["avatar.webp"]),
        "a name that none can have": in_manifest(media={"a\0b": {"bytes": 1}}),
        "a file that grows": in_manifest(media=larger_than_told(archive)),
        "rows that are none": in_rows("conversations.User", lambda row: 7),
        "rows too short": in_rows("conversations.User", lambda row: row[:-1]),
        "objects for values": in_rows(
            "conversations.User", lambda row: [{}] * len(row)
        ),
        "a huge number": in_rows("conversations.User", lambda row: [10**30, *row[1:]]),
        "no text": in_table("conversations.User", lambda data: b"\xff\n"),
    }
    for what, change in hostile.items():
        with subtests.test(what):
            refused(rewritten(archive, change))


def larger_than_told(archive):
    with zipfile.ZipFile(archive) as made:
        told = json.loads(made.read("manifest.json"))["media"]
    return {name: facts | {"bytes": 1} for name, facts in told.items()}


def test_what_is_no_archive_is_refused(archive, tmp_path):
    path = tmp_path / "cat.zip"
    path.write_bytes(b"meow")
    assert "cannot be read" in refused(path)
    assert "cannot be read" in refused(tmp_path / "gone.zip")


def test_what_was_damaged_on_its_way_is_refused(archive):
    with zipfile.ZipFile(archive) as whole:
        info = whole.getinfo("tables/conversations.Message.jsonl")
    data = bytearray(archive.read_bytes())
    begin = info.header_offset + 30 + len(info.filename)
    data[begin : begin + info.compress_size] = b"\xff" * info.compress_size
    archive.write_bytes(data)
    assert "cannot be read" in refused(archive)


def test_an_archive_is_never_overwritten(archive):
    before = archive.read_bytes()
    with pytest.raises(backup.BackupError):
        backup.write(archive)
    assert archive.read_bytes() == before


def of_something_else(image):
    """Return an image that is whole, of a database in which this site never was."""
    other = image.with_name("other.sqlite3")
    with closing(sqlite3.connect(other)) as cats:
        cats.executescript("CREATE TABLE cats (name); CREATE TABLE django_session (x)")
        cats.execute("CREATE TABLE usersessions_usersession (x)")
    data = other.read_bytes()
    facts = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    in_facts = in_manifest(database=facts)
    return rewritten(
        image, lambda n, d: data if n == "database.sqlite3" else in_facts(n, d)
    )


def test_an_image_is_of_sqlite_alone(archive, tmp_path):
    if connection.vendor == "sqlite":
        image = tmp_path / "image.zip"
        backup.write(image, kind=backup.SQLITE)
        with zipfile.ZipFile(image) as made:
            assert "database.sqlite3" in made.namelist()
        assert "something else" in refused(of_something_else(image))
        return
    with pytest.raises(backup.BackupError):
        backup.write(tmp_path / "image.zip", kind=backup.SQLITE)
    image = rewritten(archive, in_manifest(kind=backup.SQLITE))
    assert "image of SQLite" in refused(image)
