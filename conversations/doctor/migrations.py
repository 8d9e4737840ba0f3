"""Whether the database has the form that this version writes."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from .findings import ok, wrong


def pending():
    """Return the migrations that are still to run, by name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(step[0]) for step in plan]


def applied():
    waiting = pending()
    if waiting:
        return wrong(
            _("Migrations wait: %(names)s") % {"names": ", ".join(waiting[:5])},
            _("Run: manage.py migrate"),
        )
    return ok(_("Every migration has run."))


def known():
    """A database that is ahead of its code was upgraded by another version."""
    loader = MigrationExecutor(connection).loader
    strange = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    ]
    if not strange:
        return []
    return wrong(
        _("The database is ahead of this version: %(names)s")
        % {"names": ", ".join(sorted(strange)[:5])},
        _("Run the version that migrated it, or restore the backup from before."),
    )
