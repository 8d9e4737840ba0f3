import io
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conversations.management import lock
from conversations.management.lock import is_served, serving
from conversations.models import AuditEntry, User
from tests.patience import PATIENCE_SECONDS

END_SERVING = """SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
    WHERE locktype = 'advisory' AND mode = 'ShareLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def call(*arguments, **options):
    said = io.StringIO()
    call_command(*arguments, stdout=said, stderr=io.StringIO(), **options)
    return said.getvalue()


@pytest.fixture
def folder(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    return settings.BACKUP_DIR


def test_a_site_is_written_and_restored_and_both_are_recorded(alice, folder):
    assert "rows" in call("backup")
    [path] = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert AuditEntry.objects.get().verb == "backup.made"
    with pytest.raises(CommandError, match="--replace"):
        call("restore", str(path))
    alice.username = "changed"
    alice.save()
    assert "Each table was read again" in call("restore", str(path), replace=True)
    assert User.objects.get().username == "alice"
    assert AuditEntry.objects.get().verb == "backup.restored"


def test_nothing_is_restored_while_the_site_is_served(alice, folder):
    call("backup")
    [path] = folder.iterdir()
    with serving(connection), pytest.raises(CommandError, match="Stop the site"):
        call("restore", str(path), replace=True)
    call("restore", str(path), replace=True)


def restart(told):
    """End the sessions that tell of it; a database that is a file has none."""
    if connection.vendor == "postgresql":
        told.clear()
        with connection.cursor() as cursor:
            cursor.execute(END_SERVING)
            assert cursor.fetchall() == [(True,)]


def test_nor_after_its_database_was_restarted(alice, monkeypatch):
    monkeypatch.setattr(lock, "ASK_SECONDS", 0.01)
    with serving(connection) as told:
        assert told.wait(PATIENCE_SECONDS)
        restart(told)
        assert told.wait(PATIENCE_SECONDS)
        assert is_served(connection)
    assert not is_served(connection)


def test_so_many_are_kept(alice, folder):
    folder.mkdir()
    for day in range(1, 4):
        (folder / f"chatsite-2020010{day}-000000.zip").write_bytes(b"old")
    (folder / "mine.zip").write_bytes(b"precious")
    call("backup", keep=2)
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "chatsite-20200103-000000.zip"
    assert len(names) == 3
    assert names[-1] == "mine.zip"
    with pytest.raises(CommandError):
        call("backup", keep=0)


def test_where_nothing_can_be_written_that_is_said(alice, folder):
    folder.write_text("a file")
    with pytest.raises(CommandError, match="There is no backup"):
        call("backup")
