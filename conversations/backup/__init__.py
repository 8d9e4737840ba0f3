"""The whole site in one file, and back: from either kind of database into either.

An archive is a ZIP. `manifest.json` says what is in it, with a fingerprint of each
table and file, which is compared once more after restoring. `tables/` has the rows, a
line of JSON each; an image has the file of SQLite instead, in `database.sqlite3`.
`media/` has the files. Nobody is signed in by it: sessions stay behind.
"""

from .failures import BackupError
from .reading import restore
from .writing import KINDS, PORTABLE, SQLITE, write

__all__ = ["KINDS", "PORTABLE", "SQLITE", "BackupError", "restore", "write"]
