"""Where things are kept: room, the right to write, and who else may read."""

import shutil
import stat
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .findings import ok, warning, wrong

# With less, the next save may be the one that does not fit.
FREE_BYTES = 64 * 1024**2
# So much free is no haste, but near enough to make room.
COMFORTABLE_BYTES = 1024**3
OTHERS = stat.S_IRWXO


def free_bytes():
    """Return what is free where the site keeps its data; raises OSError."""
    return shutil.disk_usage(settings.DATA_DIR).free


def free_space():
    free = free_bytes()
    facts = {"free": _size(free), "folder": settings.DATA_DIR}
    fact = _("%(free)s are free in %(folder)s.") % facts
    if free >= COMFORTABLE_BYTES:
        return ok(fact)
    repair = _(
        "Make room: old backups, logs, or a larger disk. Without room nothing more "
        "is saved."
    )
    return warning(fact, repair) if free >= FREE_BYTES else wrong(fact, repair)


def writable():
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT):
        if folder == settings.MEDIA_ROOT and not folder.exists():
            continue  # nobody has brought a file yet
        facts = {"folder": folder}
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"doctor")
        except OSError:
            return wrong(
                _("Nothing can be written into %(folder)s.") % facts,
                _("Give it to who runs the site: chown -R chatsite %(folder)s") % facts,
            )
    return ok(_("%(folder)s takes what is written.") % {"folder": settings.DATA_DIR})


def env_file():
    """It holds the secret key, and the provider's."""
    path = Path(settings.ENV_FILE)
    if not path.is_file():
        return ok(_("There is no .env: the environment says it all."))
    return _private(path, "600")


def media():
    folder = settings.MEDIA_ROOT
    return _private(folder, "700") if folder.is_dir() else []


def _private(path, mode):
    facts = {"path": path, "mode": mode}
    if not _is_open(path):
        return ok(_("%(path)s is closed to other users of this machine.") % facts)
    return warning(
        _("Other users of this machine may look into %(path)s.") % facts,
        _("chmod %(mode)s %(path)s") % facts,
    )


def _is_open(path):
    """Whether other users may: they need a way through every folder above."""
    ways = all(above.stat().st_mode & stat.S_IXOTH for above in path.resolve().parents)
    return ways and bool(path.stat().st_mode & OTHERS)


def _size(size_bytes):
    gigabytes = size_bytes / 1024**3
    if gigabytes >= 1:
        return f"{number_format(gigabytes, 1)} GB"
    return f"{size_bytes / 1024**2:.0f} MB"
