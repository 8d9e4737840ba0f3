"""Whether the database has the form that this version writes."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from .findings import ok, wrong


def pending():
    """Return the migrations that are still to run, by name.

    Where all have run, as mostly, none is loaded: a server would keep their 3 MB.
    """
    if MigrationRecorder(connection).applied_migrations().keys() >= set(_on_disk()):
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(step[0]) for step in plan]


def _on_disk():
    """Yield `(app, name)` of each migration there is a file of."""
    for app in apps.get_app_configs():
        package, _is_set = MigrationLoader.migrations_module(app.label)
        try:
            path = import_module(package).__path__
        except ModuleNotFoundError:  # it has none
            continue
        for module in iter_modules(path):
            if not module.ispkg and module.name[0] not in "_~":
                yield app.label, module.name


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
