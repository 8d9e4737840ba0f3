"""The machine below the site: its disk, its clock, its files, its backups."""

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest

from conversations.doctor import backups, clock, disk, files
from conversations.models import Generation
from conversations.staticfiles import SiteStaticFilesStorage
from tests.base import ChatTestCase

from .verdicts import OK, WARNING, WRONG, verdicts

GIGABYTE = 1024**3
HOUR, DAY = 3600, 24 * 3600


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(5 * GIGABYTE, OK), (GIGABYTE // 2, WARNING), (1024, WRONG)],
)
def test_room_on_the_disk(monkeypatch, free, verdict):
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: usage)
    assert verdicts(disk.free_space) == [verdict]


def test_a_folder_that_takes_what_is_written(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    assert verdicts(disk.writable) == [OK]
    assert list(tmp_path.iterdir()) == []
    settings.DATA_DIR = tmp_path / "gone"
    assert verdicts(disk.writable) == [WRONG]


@pytest.fixture
def way():
    """A folder that every user of the machine has a way to; pytest's are closed."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_an_env_file_is_for_one_user(settings, way):
    settings.ENV_FILE = str(way / ".env")
    assert verdicts(disk.env_file) == [OK]
    (way / ".env").write_text("SECRET_KEY=…")
    (way / ".env").chmod(0o644)
    assert verdicts(disk.env_file) == [WARNING]
    (way / ".env").chmod(0o600)
    assert verdicts(disk.env_file) == [OK]


def test_media_is_closed_by_itself_or_by_what_it_is_in(settings, way):
    (way / "media").mkdir(mode=0o755)
    settings.MEDIA_ROOT = way / "media"
    assert verdicts(disk.media) == [WARNING]
    way.chmod(0o700)
    assert verdicts(disk.media) == [OK]
    way.chmod(0o755)
    (way / "media").chmod(0o700)
    assert verdicts(disk.media) == [OK]


@pytest.mark.parametrize(
    ("ages", "verdict"),
    [([], WARNING), ([HOUR], OK), ([9 * DAY, HOUR], OK), ([9 * DAY], WARNING)],
)
def test_the_age_of_the_newest_backup(settings, tmp_path, ages, verdict):
    settings.BACKUP_DIR = tmp_path
    for number, age in enumerate(ages):
        path = tmp_path / f"{number}.tar"
        path.touch()
        os.utime(path, (time.time() - age,) * 2)
    assert verdicts(backups.age) == [verdict]


def test_clocks_that_are_apart():
    assert verdicts(clock.compare("The database", 100.0, 99.0, 101.0)) == [OK]
    assert verdicts(clock.compare("The database", 104.5, 99.0, 101.0)) == [WRONG]
    assert verdicts(clock.compare("The database", 90.0, 99.0, 101.0)) == [WRONG]


class RowsTests(ChatTestCase):
    def test_rows_of_the_future(self):
        self.assertEqual(verdicts(clock.rows), [OK])
        for row in Generation.objects.all():
            row.created_at += 2 * clock.AHEAD
            row.started_at = None
            row.save()
        self.assertEqual(verdicts(clock.rows), [OK])  # it was brought in
        Generation.objects.update(started_at=row.created_at)
        self.assertEqual(verdicts(clock.rows), [WRONG])

    def test_servers_keep_the_same_time(self):
        for check in (clock.database, clock.redis):
            self.assertIn(verdicts(check), ([], [OK]))


class Collected:
    """Static files that were collected, or not, at the time of their manifest."""

    manifest_name = "staticfiles.json"

    def __init__(self, folder):
        self.path = lambda name: folder / name

    def is_collected(self):
        return self.path(self.manifest_name).exists()

    changed_since = SiteStaticFilesStorage.changed_since


def test_static_files(monkeypatch, settings, tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.css").touch()
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    monkeypatch.setattr(files, "staticfiles_storage", Collected(tmp_path))
    assert verdicts(files.static_files) == [WRONG]
    (tmp_path / "staticfiles.json").touch()
    assert verdicts(files.static_files) == [OK]
    os.utime(tmp_path / "staticfiles.json", (0, 0))
    assert verdicts(files.static_files) == [WARNING]


def test_translations(settings):
    assert verdicts(files.translations) == [OK]
    settings.LANGUAGES = [*settings.LANGUAGES, ("eo", "Esperanto")]
    assert verdicts(files.translations) == [WRONG]
    assert "Esperanto" in files.translations().fact
