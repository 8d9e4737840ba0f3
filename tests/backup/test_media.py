"""Where the files are is where they stay, be it a mount or behind a link."""

import errno
from pathlib import Path

import pytest

from conversations import backup
from conversations.models import Persona

from .site import fill, stored


@pytest.fixture
def archive(transactional_db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    fill()
    path = tmp_path / "site.zip"
    backup.write(path)
    return path


def avatar():
    return Persona.objects.get(slug="helper").avatar_image.name


def test_a_folder_that_cannot_be_moved(archive, settings, monkeypatch):
    def rename(path, target, rename=Path.rename):
        if path == settings.MEDIA_ROOT:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(path, target)

    (settings.MEDIA_ROOT / "newer.webp").touch()
    monkeypatch.setattr(Path, "rename", rename)
    backup.restore(archive, replace=True)
    assert stored(avatar()) == b"image"
    assert [path.name for path in settings.MEDIA_ROOT.iterdir()] == ["avatars"]


def test_a_link_to_it_stays(archive, settings, tmp_path):
    settings.MEDIA_ROOT.rename(tmp_path / "disk")
    settings.MEDIA_ROOT.symlink_to(tmp_path / "disk")
    backup.restore(archive, replace=True)
    assert settings.MEDIA_ROOT.is_symlink()
    assert (tmp_path / "disk" / avatar()).read_bytes() == b"image"


def test_what_cannot_be_moved_is_back_and_said(archive, settings, monkeypatch):
    (settings.MEDIA_ROOT / "newer.webp").touch()
    before = sorted(settings.MEDIA_ROOT.rglob("*"))

    def rename(path, target, rename=Path.rename):
        if path == settings.MEDIA_ROOT / "newer.webp" or path == settings.MEDIA_ROOT:
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(backup.BackupError, match="cannot be moved.*Permission denied"):
        backup.restore(archive, replace=True)
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == before
