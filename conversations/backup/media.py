"""The files that people uploaded, as we made them: avatars and the logo."""

import hashlib
import shutil
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings

from .failures import BackupError

FOLDER = "media"
_PIECE = 1 << 20


def pack(archive):
    """Write every file into `archive`; return `{name: {"bytes", "sha256"}}`."""
    root, found = Path(settings.MEDIA_ROOT), {}
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
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
    """Have `folder` be where the site looks for its files, unless the block fails."""
    root = Path(settings.MEDIA_ROOT)
    before = root.with_name(f"{root.name}.before")
    shutil.rmtree(before, ignore_errors=True)
    if root.exists():
        root.rename(before)
    try:
        folder.rename(root)
        yield
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        if before.exists():
            before.rename(root)
        raise
    shutil.rmtree(before, ignore_errors=True)


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
