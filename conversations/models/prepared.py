"""Queries on the way of every message, which Django compiles once instead of each time.

Compiling takes most of what a small query costs: of the 300 µs for the outline of a
conversation, running it takes 20.
"""

import copy
import inspect
import uuid
from datetime import datetime
from types import SimpleNamespace

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression


class Slot(Expression):
    """Stands in a query for a value that is only known when it runs."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Prepared:
    """Decorates a function that returns a QuerySet, so that it runs what it returns.

    The function is called once, with a Slot for each parameter, which it may put
    wherever a query takes a value; a setting, the time or a language that it looks at
    would stay. From then on it is called with the values, and returns a list of what
    the QuerySet yields: rows, with what `select_related` names, or the tuples of a
    `values_list`. The default database only.
    """

    def __init__(self, build, count=0):
        """`count` is of how many values, for a function that takes any number."""
        self.__doc__ = build.__doc__
        self._build = build
        names = map(str, range(count)) if count else inspect.signature(build).parameters
        self._names = list(names)
        self._compiled = {}  # by the kind of database, and of statement

    def __call__(self, *values):
        rows, compiler, sql, parameters = self._compile()
        parameters = bound(parameters, self._given(values))
        compiler = copy.copy(compiler)
        compiler.connection = connection  # this thread's
        compiler.as_sql = lambda: (sql, parameters)
        # What the iterables of Django read of a QuerySet.
        query = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=rows.model,
            query=SimpleNamespace(get_compiler=lambda *args, **named: compiler),
            _known_related_objects={},
        )
        return list(rows._iterable_class(query))

    def _given(self, values):
        return dict(zip(self._names, map(_adapted, values), strict=True))

    def _compile(self, *kind):
        key = connection.vendor, *kind
        if key not in self._compiled:
            self._compiled[key] = self._compiled_as(*kind)
        return self._compiled[key]

    def _compiled_as(self):
        rows = self._rows()
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        converters = compiler.get_converters(columns)
        compiler.get_converters = lambda columns: converters
        return rows, compiler, sql, parameters

    def _rows(self):
        return self._build(*map(Slot, self._names))


def bound(parameters, given):
    """Return a statement's parameters with the values that were `given` by name."""
    return [given[p.name] if isinstance(p, Slot) else p for p in parameters]


def _adapted(value):
    """Spell a value as the database does, which Django leaves to the fields."""
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
