import shutil

import pytest
from django.conf import settings
from django.db import connections
from django.db.utils import load_backend

from tests import template

SQLITE = "django.db.backends.sqlite3"


@pytest.fixture
def other(transactional_db, tmp_path):
    """The alias of an SQLite beside the database of this stack, migrated and empty."""
    path = shutil.copyfile(template.sqlite(), tmp_path / "other.sqlite3")
    database = {
        "ENGINE": SQLITE,
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
    both = connections.configure_settings(settings.DATABASES | {"other": database})
    made = load_backend(SQLITE).DatabaseWrapper(both["other"], "other")
    connections["other"] = made
    yield "other"
    made.close()
    del connections["other"]
