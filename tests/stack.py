"""The stack below the site: SQLite in one process, or PostgreSQL and Redis.

`make test` runs the tests on both, side by side. TEST_STACK=postgres has a single run
of pytest use PostgreSQL and Redis; without it, it is SQLite.
"""

import itertools
import os
import shutil
from contextlib import ExitStack

import pytest

from tests import template
from tests.environment import DATA_DIR
from tests.services import PostgreSQL, Redis

STACK = os.environ.get("TEST_STACK", "sqlite")
# `make test` has a worker for each stack and one, on SQLite, for what a browser shows.
# What does not differ by stack is run by one of them, so that all end at the same time;
# `python -m pytest` without a share runs everything on the stack it is told.
SHARE = os.environ.get("TEST_SHARE", "")
# What touches neither the database nor the channel layer. Folders, files, and the
# beginnings of their names.
ONCE = (
    "tests/commands/test_make.py",
    "tests/doctor/test_address.py",
    "tests/generation/test_prompt.py",
    "tests/generation/test_titles.py",
    "tests/llm/",
    "tests/search/test_query.py",
    "tests/test_accents.py",
    "tests/test_audit_of_packages.py",
    "tests/test_demo.py",
    "tests/test_desks.py",
    "tests/test_environment.py",
    "tests/test_files_served.py",
    "tests/test_languages.py",
    "tests/test_layers.py",
    "tests/test_logs.py",
    "tests/test_matching.py",
    "tests/test_metrics.py",
    "tests/test_rendering",
    "tests/test_requirements.py",
    "tests/test_services.py",
    "tests/test_sheets.py",
    "tests/test_staticfiles.py",
    "tests/test_tree.py",
    "tests/transfer/test_import_anything.py",
    "tests/transfer/test_import_formats.py",
    "tests/transfer/test_import_limits.py",
    "tests/transfer/test_import_stream.py",
    "tests/transfer/test_import_trees.py",
    "tests/transfer/test_import_words.py",
    "tests/transfer/test_names.py",
)
# Who is let in, and by what: decided in Python, from rows read as everywhere else.
SIGNING_IN = (
    "tests/test_access_admin.py",
    "tests/views/test_factors.py",
    "tests/views/test_identity",
    "tests/views/test_passkeys.py",
    "tests/views/test_required_factors.py",
)
# What a page or a terminal looks like, and what it does with the keyboard, and how the
# server talks, greets and ends; what it asks of the site is tried on both stacks
# without it.
LOOKS = (
    "tests/browser/test_accessibility.py",
    "tests/browser/test_accounts.py",
    "tests/browser/test_administration.py",
    "tests/browser/test_branches",
    "tests/browser/test_compare.py",
    "tests/browser/test_composer.py",
    "tests/browser/test_connection.py",
    "tests/browser/test_exports.py",
    "tests/browser/test_failures.py",
    "tests/browser/test_factors.py",
    "tests/browser/test_feedback.py",
    "tests/browser/test_folders.py",
    "tests/browser/test_hostile_text.py",
    "tests/browser/test_invitations.py",
    "tests/browser/test_languages.py",
    "tests/browser/test_list.py",
    "tests/browser/test_list_meanwhile.py",
    "tests/browser/test_list_menus.py",
    "tests/browser/test_new_chat.py",
    "tests/browser/test_notices.py",
    "tests/browser/test_offline.py",
    "tests/browser/test_order.py",
    "tests/browser/test_outbox.py",
    "tests/browser/test_palette.py",
    "tests/browser/test_quotes.py",
    "tests/browser/test_replies.py",
    "tests/browser/test_search.py",
    "tests/browser/test_settings.py",
    "tests/browser/test_sharing",
    "tests/browser/test_snippets.py",
    "tests/browser/test_thread.py",
    "tests/browser/test_transfers.py",
    "tests/browser/test_twice.py",
    "tests/browser/test_unsent.py",
    "tests/browser/test_without_javascript.py",
    "tests/commands/test_chat.py",
    "tests/commands/test_chat_terminal.py",
    "tests/commands/test_serve.py",
    "tests/commands/test_serve_processes.py",
    "tests/server/",
)
# What a page answers to a request: what is read and written for it is tried on both
# stacks by the tests of the actions, the models and the consumers.
PAGES = ("tests/views/",)
# What must be refused: PostgreSQL refuses more, and what SQLite takes it breaks on.
WRONG_INPUT = (
    "tests/admin/",
    "tests/faults/test_any_input.py",
    "tests/faults/test_hostile_input.py",
    "tests/test_access",
    "tests/test_canary.py",
    "tests/test_extra_fields.py",
    "tests/test_nul.py",
)
# How the model and the tabs behave, at their end of the wire.
FAR_ENDS = {
    "sqlite": (
        "tests/browser/test_reconnecting.py",
        "tests/faults/test_floods.py",
        "tests/faults/test_slow_readers.py",
        "tests/faults/test_upstream.py",
    ),
    "postgres": ("tests/browser/test_people.py", "tests/browser/test_plain_http.py"),
}
# The first of them that names a test has it.
RUN_ONCE = {
    "once": LOOKS + SIGNING_IN,
    "sqlite": ONCE + PAGES + FAR_ENDS["sqlite"],
    "postgres": WRONG_INPUT + FAR_ENDS["postgres"],
}
collected = []
numbers = itertools.count(1)
_services = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Have the servers there before Django reads its settings."""
    if STACK == "postgres":
        running = ExitStack()
        early_config.add_cleanup(running.close)
        try:
            _services[:] = map(running.enter_context, (PostgreSQL(), Redis()))
        except FileNotFoundError as error:
            raise pytest.UsageError(str(error)) from None
        os.environ.update(environment(DATA_DIR, is_migrated=False))
    elif STACK != "sqlite":
        raise pytest.UsageError(f"TEST_STACK is sqlite or postgres, not {STACK}")
    return (yield)


def pytest_collection_modifyitems(config, items):
    """Keep the share of this worker; alone, a run keeps everything."""
    collected[:] = items
    if SHARE:
        of_share = [i for i in items if SHARE in shares_of(i)]
        left = [item for item in items if item not in set(of_share)]
        items[:] = of_share
        config.hook.pytest_deselected(items=left)


def shares_of(item):
    """Return which workers run it: one, or that of each stack."""
    for share, names in RUN_ONCE.items():
        if item.nodeid.startswith(names):
            return (share,)
    return ("sqlite", "postgres")


def prepare_database(database):
    """Give Django's own test database, `connections["default"]`, its tables."""
    if not _services:
        # A file, as in production: threads and processes share it.
        path = DATA_DIR / "test.sqlite3"
        shutil.copyfile(template.sqlite(), path)
        database.settings_dict["TEST"]["NAME"] = str(path)
    else:
        name = database.creation._get_test_db_name()
        _services[0].url(name, template=template.postgres(_services[0]))


def environment(data_dir, *, is_migrated=True):
    """Return the variables that give one more site, in that folder, a database.

    On SQLite there are none: the database is a file in the folder. One that is migrated
    has its static files, too.
    """
    if is_migrated:
        template.copy_static_files(data_dir)
    if not _services:
        if is_migrated:
            template.copy_sqlite(data_dir)
        return {}
    postgres, redis = _services
    made_of = {"template": template.postgres(postgres)} if is_migrated else {}
    url = postgres.url(f"site_{next(numbers)}", **made_of)
    return {"DATABASE_URL": url, "REDIS_URL": redis.url}
