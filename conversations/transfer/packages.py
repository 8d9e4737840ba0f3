"""The file as people have it: JSON, or a ZIP with JSON in it, told by its content.

Nothing is unpacked to a disk but a ZIP within the ZIP, and that to a file without a
name. What a ZIP says of itself is held against the limits before anything is read.
"""

import lzma
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from .failures import TransferFailed
from .json_stream import CHUNK_BYTES

# What `zipfile` raises for a file that is damaged, or made to be.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    EOFError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Where exports keep conversations; a ZIP without such a name is read whole.
_CONVERSATIONS = re.compile(
    r"(^|/)(conversations?(/.*|[^/]*)|json/[^/]*)\.json$", re.IGNORECASE
)
# What our own ZIP has beside them; folders are made before what is in them.
_BELONGINGS = re.compile(r"(^|/)(prompts|settings)\.json$")
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\0")
_HIDDEN = re.compile(r"(^|/)(\.|__MACOSX/)")
# What is no more than this, unpacked, may be packed as tightly as it likes.
_SMALL_BYTES = 64 * 1024**2
_END_BYTES = 65_557
_MEMBER_BYTES = 160  # of the directory at the end of a ZIP, for each name in it


@dataclass(frozen=True, slots=True)
class Part:
    """One file of JSON; `chunks` of it are bytes, read as they are asked for.

    They raise one of BROKEN_ZIP where it is damaged. What `is_guessed` was taken for
    its ending alone, and may be about something else.
    """

    size_bytes: int
    open: Callable
    is_guessed: bool = False

    def chunks(self):
        with self.open() as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk


@contextmanager
def parts(path, limits):
    """Give the Parts of the file there, in the order in which they are read.

    Raises TransferFailed when it is neither JSON nor a ZIP within the limits.
    """
    with ExitStack() as open_files, open(path, "rb") as file:
        if file.read(4) not in _ZIP:
            yield [Part(path.stat().st_size, partial(path.open, "rb"))]
            return
        try:
            found = _Zips(limits, open_files, path.parent).parts(file)
        except BROKEN_ZIP:
            raise TransferFailed(_("This ZIP is damaged. Fetch it again.")) from None
        yield found


class _Zips:
    """A ZIP, and those in it, held against the limits together."""

    def __init__(self, limits, open_files, folder):
        self._limits = limits
        self._open_files, self._folder = open_files, folder
        self._bytes = self._packed_bytes = self._members = 0

    def parts(self, file, *, is_inner=False):
        archive, infos = self._checked(file)
        found = [info for info in infos if _CONVERSATIONS.search(info.filename)]
        inner = [info for info in infos if info.filename.lower().endswith(".zip")]
        is_guessed = not found and (is_inner or not inner)
        if is_guessed:
            found = [info for info in infos if info.filename.lower().endswith(".json")]
        beside = [info for info in infos if _BELONGINGS.search(info.filename)]
        first = [info for info in beside if info not in found]
        self._check_sizes(first + found)
        parts = [
            Part(info.file_size, partial(archive.open, info), is_extra or is_guessed)
            for is_extra, infos in ((True, first), (False, found))
            for info in infos
        ]
        if not is_inner:
            for info in sorted(inner, key=lambda info: info.filename):
                parts += self.parts(self._unpacked(archive, info), is_inner=True)
        return parts

    def _checked(self, file):
        most = self._limits.members
        if _directory_bytes(file) > most * _MEMBER_BYTES:
            raise TransferFailed(
                _("This ZIP holds more than %(most)d files.") % {"most": most}
            )
        archive = self._open_files.enter_context(zipfile.ZipFile(file))
        infos = [info for info in archive.infolist() if not info.is_dir()]
        self._members += len(infos)
        if self._members > most:
            raise TransferFailed(
                _("This ZIP holds more than %(most)d files.") % {"most": most}
            )
        if any(_UNSAFE_NAME.search(info.orig_filename) for info in infos):
            raise TransferFailed(
                _("This ZIP holds a file that would be unpacked outside of it.")
            )
        infos = [info for info in infos if not _HIDDEN.search(info.filename)]
        return archive, sorted(infos, key=lambda info: info.filename)

    def _check_sizes(self, infos):
        for info in infos:
            if info.flag_bits & 1:
                raise TransferFailed(
                    _("This ZIP is encrypted. Unpack it, and import what is in it.")
                )
            self._packed_bytes += info.compress_size
            self._bytes += info.file_size
        is_dense = self._bytes > self._limits.ratio * self._packed_bytes
        if is_dense and self._bytes > _SMALL_BYTES:
            raise TransferFailed(
                _("This ZIP is packed far more tightly than any export is.")
            )
        most = self._limits.unpacked_bytes
        if self._bytes > most:
            raise TransferFailed(
                _("Unpacked, this ZIP is larger than %(most)d MB.")
                % {"most": most // 1024**2}
            )

    def _unpacked(self, archive, info):
        """Return a ZIP within the ZIP as a file that can be read from any place."""
        self._check_sizes([info])
        with ExitStack() as unless_used:
            file = unless_used.enter_context(tempfile.TemporaryFile(dir=self._folder))
            with archive.open(info) as packed:
                shutil.copyfileobj(packed, file, CHUNK_BYTES)
            self._open_files.push(unless_used.pop_all())
        file.seek(0)
        return file


def _directory_bytes(file):
    """Return the size of the directory of a ZIP, as it says itself.

    It is read into memory as a whole, whatever number of members it claims to have.
    """
    end = file.seek(0, 2)
    file.seek(max(0, end - _END_BYTES))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile
    (size,) = struct.unpack_from("<I", tail, at + 12)
    long_sizes = list(_long_sizes(file, end, tail, at))
    if long_sizes and size == 0xFFFFFFFF:
        size = 0
    file.seek(0)
    return max(size, *long_sizes, 0)


def _long_sizes(file, end, tail, at):
    """Yield the size as the end of a ZIP64 says it, from either place it may be in."""
    locator = tail[at - 20 : at] if at >= 20 else b""
    if locator[:4] != b"PK\x06\x07":
        return
    (told,) = struct.unpack_from("<Q", locator, 8)
    before = end - len(tail) + at - 20 - 56
    for place in (told, before):
        if 0 <= place < end:
            file.seek(place)
            record = file.read(56)
            if len(record) == 56 and record[:4] == b"PK\x06\x06":
                yield struct.unpack_from("<Q", record, 40)[0]
