"""The environment the tests run in: nothing of the developer's `.env` or database.

Imported before Django reads its settings; importing it sets `os.environ`.
"""

import atexit
import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def documented():
    """Return the variables of `.env.example` with the values it shows."""
    return dict(VARIABLE.findall((ROOT / ".env.example").read_text()))


for _name in documented():
    os.environ.pop(_name, None)

DATA_DIR = Path(tempfile.mkdtemp(prefix="chatsite-tests-"))
(DATA_DIR / "static").mkdir()
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "chatsite.settings",
    "ENV_FILE": os.devnull,
    "SECRET_KEY": secrets.token_urlsafe(50),
    "DATA_DIR": str(DATA_DIR),
    "EMAIL_URL": "memorymail://",
    # Tests are quicker than people, and many.
    "LIMIT_MESSAGES_PER_MINUTE": "1000000",
    "LIMIT_UPLOADS_PER_HOUR": "1000000",
    "LIMIT_IMPORTS_PER_DAY": "1000000",
    "LIMIT_EXPORTS_PER_DAY": "1000000",
    "LIMIT_SOCKETS": "1000000",
}
