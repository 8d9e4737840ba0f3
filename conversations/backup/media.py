"""The files that people uploaded, as we made them: avatars and the logo."""

import hashlib
import shutil
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings

from .failures import BackupError

FOLDER = "media"
# What the folder has in it while it is restored; and what the root of a disk has.
ASIDE = ".restore-"
_NOT_OURS = (ASIDE, "lost+found")
_PIECE = 1 << 20


def home():
    """Return the folder itself, which a link may stand for."""
    return Path(settings.MEDIA_ROOT).resolve()


def pack(archive):
    """Write every file into `archive`; return `{name: {"bytes", "sha256"}}`."""
    root, found = home(), {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink() or not path.is_file() or name.startswith(_NOT_OURS):
            continue
        with path.open("rb") as source:
            found[name] = store(archive, _inside(name), source)
    return found


def unpack(archive, told, folder):
    """Write the files that the manifest tells of into `folder`, each compared."""
    for name, facts in told.items():
        target = folder / _safe(name)
        if archive.getinfo(_inside(name)).file_size != facts["bytes"]:
            raise BackupError(f"The file {name} is damaged.")  # or very much larger
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(_inside(name)) as source, target.open("wb") as file:
            if copy(source, file) != facts:
                raise BackupError(f"The file {name} is damaged.")


@contextmanager
def in_place(folder):
    """Have the site's files be those in `folder`, unless the block fails.

    Its own folder stays: it may be a mount, which cannot be moved, or behind a link.
    """
    root = home()
    before = root / f"{ASIDE}before"
    shutil.rmtree(before, ignore_errors=True)
    before.mkdir()
    try:
        _move_all(root, before)
    except BackupError:
        _move_all(before, root)
        before.rmdir()
        raise
    try:
        _move_all(folder, root)
        yield
    except BaseException:
        _remove_all(root)
        _move_all(before, root)
        before.rmdir()
        raise
    shutil.rmtree(before, ignore_errors=True)


def _files_in(folder):
    return [path for path in folder.iterdir() if not path.name.startswith(_NOT_OURS)]


def _move_all(source, target):
    try:
        for path in _files_in(source):
            path.rename(target / path.name)
    except OSError as error:
        raise BackupError(
            f"The files in {source} cannot be moved to {target}: {error.strerror}"
        ) from error


def _remove_all(folder):
    for path in _files_in(folder):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def store(archive, name, source):
    """Copy a file of any size into `archive`; return its size and its hash."""
    with archive.open(name, "w", force_zip64=True) as target:
        return copy(source, target)


def copy(source, target):
    """Copy a file; return its size and its hash."""
    size, digest = 0, hashlib.sha256()
    while piece := source.read(_PIECE):
        size += len(piece)
        digest.update(piece)
        target.write(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _inside(name):
    return f"{FOLDER}/{name}"


def _safe(name):
    """Refuse what would leave the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        raise BackupError(f"{name!r} is no name of a file of ours.")
    return path
