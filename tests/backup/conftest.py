import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

SQLITE = "django.db.backends.sqlite3"


@pytest.fixture
def other(transactional_db, tmp_path):
    """The alias of an SQLite beside the database of this stack, migrated and empty."""
    database = {
        "ENGINE": SQLITE,
        "NAME": str(tmp_path / "other.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
    both = connections.configure_settings(settings.DATABASES | {"other": database})
    made = load_backend(SQLITE).DatabaseWrapper(both["other"], "other")
    connections["other"] = made
    call_command("migrate", database="other", verbosity=0)
    yield "other"
    made.close()
    del connections["other"]
