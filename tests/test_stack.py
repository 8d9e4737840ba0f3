"""Everything that could differ by stack runs on both."""

import re

import pytest
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import TransactionTestCase

from conversations.models import AuditEntry, User
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


@pytest.mark.django_db(transaction=True)
def test_after_a_test_that_commits_only_what_migrations_make_is_left():
    made = set(Permission.objects.values_list("pk", "codename"))
    for number in (1, 2):
        User.objects.create_user("alice")
        AuditEntry.objects.create(number=1, verb=f"test {number}")
        call_command("flush", interactive=False, verbosity=0)
        assert not User.objects.exists()
        assert not AuditEntry.objects.exists()
    assert set(Permission.objects.values_list("pk", "codename")) == made
    AuditEntry.objects.create(number=1, verb="test 3")
    with pytest.raises(IntegrityError, match="never changed or removed"):
        AuditEntry.objects.all().delete()


def test_what_runs_once_never_touches_the_database():
    once = [i for i in stack.collected if i.nodeid.startswith(stack.ONCE)]
    assert [item.nodeid for item in once if uses_database(item)] == []


def test_what_runs_once_is_there():
    names = sum(stack.RUN_ONCE.values(), ())
    found = [bool(list(ROOT.glob(f"{name.rstrip('/')}*"))) for name in names]
    assert all(found)


def test_the_shares_of_all_workers_are_everything():
    workers = re.findall(r"TEST_STACK=(\w+)//env:TEST_SHARE=(\w+)", MAKEFILE)
    assert workers == [
        ("sqlite", "sqlite"),
        ("postgres", "postgres"),
        ("sqlite", "once"),
    ]
    shares = {share for item in stack.collected for share in stack.shares_of(item)}
    assert shares <= {share for _, share in workers}
