"""What every message adds and changes, by statements that Django compiles once."""

import copy
from types import SimpleNamespace

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.sql import InsertQuery, UpdateQuery

from .prepared import Prepared, Slot, bound

_inserts = {}  # by what makes a statement another one


def insert(row):
    """Add `row`, which is new, as `row.save(force_insert=True)` does, and quicker.

    What it refers to is saved already. No signals are sent, and `save` of its class is
    passed over.
    """
    fields = row._meta.local_concrete_fields
    if row.pk is None:
        fields = [field for field in fields if not field.primary_key]
    given = {field.attname: field.pre_save(row, add=True) for field in fields}
    expressions = {name: v for name, v in given.items() if hasattr(v, "as_sql")}
    key = connection.vendor, type(row), len(fields), *expressions.items()
    if key not in _inserts:
        _inserts[key] = _insert_of(type(row), fields, expressions)
    compiler, sql, parameters = _inserts[key]
    for field in fields:
        given[field.attname] = field.get_db_prep_save(given[field.attname], connection)
    compiler = copy.copy(compiler)
    compiler.connection = connection  # this thread's
    compiler.as_sql = lambda: [(sql, bound(parameters, given))]
    returning = row._meta.db_returning_fields
    for values in compiler.execute_sql(returning):
        for field, value in zip(returning, values, strict=True):
            setattr(row, field.attname, value)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _insert_of(model, fields, expressions):
    slots = {field.attname: Slot(field.attname) for field in fields}
    query = InsertQuery(model)
    query.insert_values(fields, [SimpleNamespace(**slots | expressions)], raw=True)
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = model._meta.db_returning_fields
    ((sql, parameters),) = compiler.as_sql()
    return compiler, sql, parameters


class PreparedUpdate(Prepared):
    """Decorates a function that returns a QuerySet, so that it changes those rows.

    It is called with the values of its parameters and, by their names, with those of
    the columns to set; it returns how many rows there were.
    """

    def __call__(self, *values, **changes):
        model, sql, parameters = self._compile(tuple(changes))
        given = self._given(values)
        for name, value in changes.items():
            field = model._meta.get_field(name)
            given[_set(name)] = field.get_db_prep_save(value, connection)
        with connection.cursor() as cursor:
            cursor.execute(sql, bound(parameters, given))
            return cursor.rowcount

    def _compiled_as(self, names):
        rows = self._rows()
        query = rows.query.chain(UpdateQuery)
        query.add_update_values({name: Slot(_set(name)) for name in names})
        return rows.model, *query.get_compiler(DEFAULT_DB_ALIAS).as_sql()


def _set(name):
    """The name of a column's new value, apart from those of the parameters."""
    return f"{name}="
