"""Disks that are full, and have room again."""

import contextlib
import errno
import resource
import subprocess


@contextlib.contextmanager
def small_disk(folder, size_mb):
    """Mount a small file system on `folder`; yield whether that is allowed here."""
    how = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(how, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


class FullDisk:
    """Nothing more fits into `folder` within the `with` block."""

    def __init__(self, folder):
        self._ballast = folder / "ballast"

    def __enter__(self):
        with self._ballast.open("wb", buffering=0) as ballast:
            for block in (b"x" * 65_536, b"x" * 512):
                try:
                    while ballast.write(block) == len(block):
                        pass
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def __exit__(self, *exc_info):
        self._ballast.unlink()


class NoLongerFiles:
    """The process `pid` can write no file within the `with` block.

    For where no file system may be mounted: to the process it is much the same.
    """

    def __init__(self, pid):
        self._pid = pid

    def __enter__(self):
        kind = resource.RLIMIT_FSIZE
        self._before = resource.prlimit(self._pid, kind)
        resource.prlimit(self._pid, kind, (0, self._before[1]))

    def __exit__(self, *exc_info):
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, self._before)
