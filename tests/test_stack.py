"""Everything that could differ by stack runs on both."""

import re

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from tests import stack
from tests.environment import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def uses_database(item):
    is_case = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    is_marked = item.get_closest_marker("django_db") is not None
    return is_case or is_marked or bool(DATABASE_FIXTURES & set(item.fixturenames))


def test_the_tests_run_on_the_stack_that_was_asked_for():
    layer = type(get_channel_layer()).__name__
    found = {
        ("sqlite", "LocalChannelLayer"): "sqlite",
        ("postgresql", "RedisChannelLayer"): "postgres",
    }
    assert found[connection.vendor, layer] == stack.STACK


def test_each_site_has_a_database_of_its_own(tmp_path):
    folders = tmp_path / "one", tmp_path / "other"
    one, other = map(stack.environment, folders)
    if stack.STACK == "sqlite":
        assert one == other == {}
        assert all((folder / "chatsite.sqlite3").exists() for folder in folders)
    else:
        assert one["DATABASE_URL"] != other["DATABASE_URL"]
        assert one["REDIS_URL"] == other["REDIS_URL"] == settings.REDIS_URL


def test_what_runs_once_never_touches_the_database():
    once = [i for i in stack.collected if i.nodeid.startswith(stack.ONCE)]
    assert [item.nodeid for item in once if uses_database(item)] == []


def test_what_runs_once_is_there():
    names = stack.ONCE + stack.LOOKS
    found = [bool(list(ROOT.glob(f"{name.rstrip('/')}*"))) for name in names]
    assert all(found)


def test_the_shares_of_all_workers_are_everything():
    workers = re.findall(r"TEST_STACK=(\w+)//env:TEST_SHARE=(\w+)", MAKEFILE)
    assert {("sqlite", "stack"), ("postgres", "stack"), ("sqlite", "once")} == {
        *workers
    }
