"""A migration leaves the version that still runs working."""

from django.db.migrations import AddField, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

FIRST = {"0001_initial", "0002_first_personas"}


def added_fields():
    migrations = MigrationLoader(None).disk_migrations
    for (app, name), migration in sorted(migrations.items()):
        if app == "conversations" and name not in FIRST:
            made = {o.name_lower for o in migration.operations if _makes(o)}
            for operation in migration.operations:
                is_column = isinstance(operation, AddField)
                if is_column and operation.model_name_lower not in made:
                    yield f"{name}: {operation.name}", operation.field


def _makes(operation):
    """A table that the old version does not know."""
    return isinstance(operation, CreateModel)


def needs_a_value(field):
    return not (field.null or field.many_to_many or field.primary_key)


def test_new_columns_have_a_default_in_the_database():
    """Between `migrate` and its restart, the old version inserts without them."""
    lacking = [
        name
        for name, field in added_fields()
        if needs_a_value(field) and field.db_default is NOT_PROVIDED
    ]
    assert lacking == []


def test_there_are_columns_to_look_at():
    assert list(added_fields())
