"""Django finds its environment prepared: `tests.environment` is imported here."""

import math
import os

import hypothesis
import pytest
from django.conf import settings
from django.core.management.commands import flush as flush_command
from django.db import connections

from conversations.models import append_only
from conversations.search.texts import ENTRY
from tests import stack

MADE_BY_MIGRATIONS = ("django_content_type", "auth_permission")
# A machine that is busy may need long to choose and to try an example. The next run
# chooses the same, except with FAULTS=full.
hypothesis.settings.register_profile(
    "ours",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("FAULTS") != "full",
    database=None,
)
hypothesis.settings.load_profile("ours")


def pytest_configure(config):
    # Passwords need not be slow to guess here. What proves Argon2 sets it back.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Names without hashes, so that a test of a page needs no collected files.
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


@pytest.fixture(autouse=True)
def what_is_kept_is_known(monkeypatch):
    """What a test counts of queries is no matter of time; saving is seen at once."""
    from conversations.models import kept

    monkeypatch.setattr(kept, "KEEP_SECONDS", math.inf)
    for one in kept.Kept.every:
        one.keep_nothing()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that is skipped proves nothing: it fails."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    stack.prepare_database(connections["default"])


@pytest.fixture(scope="session")
def django_db_keepdb():
    """It goes with its folder or its server; a thread may still be connected to it."""
    return True


@pytest.fixture(scope="session", autouse=True)
def _flush_everything():
    """After a test that commits, the database is emptied; it refuses some of that."""
    operations = type(connections["default"].ops)
    flush = operations.sql_flush

    def flush_all(self, style, tables, **options):
        releasing = append_only.releasing(self.connection)
        flushing = flush(self, style, without_made(tables), **options)
        return [*releasing, *flushing, *append_only.attaching(self.connection)]

    def delete_all(self, style, tables, **options):
        # To truncate makes each table and each of its indexes anew, and takes longer.
        # Sequences go on, and what a trigger would do is done here.
        names = map(self.quote_name, [*without_made(tables), ENTRY])
        deleting = (f"DELETE FROM {name}" for name in names)
        return ["SET LOCAL session_replication_role = replica", *deleting]

    delete_all.__wrapped__ = flush_all  # for the test that is about flushing
    is_postgres = connections["default"].vendor == "postgresql"
    operations.sql_flush = delete_all if is_postgres else flush_all
    # Nor is it filled again: what would be made is there.
    flush_command.emit_post_migrate_signal = lambda *_: None


def without_made(tables):
    """Leave out what each migration, and each flush, would only fill again."""
    return [table for table in tables if table not in MADE_BY_MIGRATIONS]
