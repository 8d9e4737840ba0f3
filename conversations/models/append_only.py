"""Rows that are only inserted: the database itself refuses to change or remove them."""

from django.apps import apps
from django.db import connections, models

_REFUSAL = "rows of this table are never changed or removed"
_FUNCTION = "conversations_refuse_change"


class AppendOnly(models.Model):
    class Meta:
        abstract = True

    def save(self, **options):
        super().save(**options | {"force_insert": True})


def before_migrating(sender, using, plan=(), **_options):
    """Tables are about to change: nothing of ours may hang on them."""
    if plan:
        _execute(connections[using], releasing(connections[using]))


def after_migrating(sender, using, plan=(), **_options):
    if plan:
        _execute(connections[using], attaching(connections[using]))


def attaching(connection):
    """Return the statements that have the database refuse, as it did not before."""
    statements = _of_sqlite if connection.vendor == "sqlite" else _of_postgres
    made = [made for table in _tables(connection) for made in statements(*table)]
    if connection.vendor == "postgresql" and made:
        made.insert(0, _FUNCTION_MADE)
    return made


def releasing(connection):
    """Return the statements that have the database refuse no more."""
    on_table = connection.vendor == "postgresql"
    return [
        f"DROP TRIGGER IF EXISTS {table}_{name}" + on_table * f" ON {table}"
        for table, _key in _tables(connection)
        for name in ("kept", "still_kept", "not_replaced")
    ]


def _tables(connection):
    """Yield the name and the key of each such table that is there."""
    there = set(connection.introspection.table_names())
    for model in apps.get_models():
        if issubclass(model, AppendOnly) and model._meta.db_table in there:
            yield model._meta.db_table, model._meta.pk.column


def _execute(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _of_sqlite(table, key):
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    # INSERT OR REPLACE removes a row without asking the triggers of DELETE.
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = new.{key})"
    return [
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_still_kept BEFORE DELETE ON {table} {refuse}",
        f"""CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table}
            WHEN {there} {refuse}""",
    ]


_FUNCTION_MADE = f"""CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$ LANGUAGE plpgsql"""


def _of_postgres(table, _key):
    refuse = f"EXECUTE FUNCTION {_FUNCTION}()"
    return [
        f"""CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW {refuse}""",
        f"""CREATE TRIGGER {table}_still_kept BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT {refuse}""",
    ]
