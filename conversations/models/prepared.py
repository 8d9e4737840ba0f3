"""Queries on the way of every message, which Django compiles once instead of each time.

Compiling takes most of what a small query costs: of the 300 µs for the outline of a
conversation, running it takes 20.
"""

import copy
import inspect
import uuid
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
    wherever a query takes a value. From then on it is called with the values, and
    returns a list of what the QuerySet yields: rows, with what `select_related` names,
    or the tuples of a `values_list`. The default database only.
    """

    def __init__(self, build, count=0):
        """`count` is of how many values, for a function that takes any number."""
        self.__doc__ = build.__doc__
        self._build = build
        names = map(str, range(count)) if count else inspect.signature(build).parameters
        self._names = list(names)
        self._compiled = {}  # by the kind of database

    def __call__(self, *values):
        rows, compiler, sql, parameters = self._compile()
        given = dict(zip(self._names, map(_adapted, values), strict=True))
        parameters = [given[p.name] if isinstance(p, Slot) else p for p in parameters]
        compiler = copy.copy(compiler)
        compiler.connection = connection  # this thread's
        compiler.as_sql = lambda: (sql, parameters)
        # What the iterables of Django read of a QuerySet.
        bound = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=rows.model,
            query=SimpleNamespace(get_compiler=lambda *args, **named: compiler),
            _known_related_objects={},
        )
        return list(rows._iterable_class(bound))

    def _compile(self):
        if connection.vendor not in self._compiled:
            rows = self._build(*map(Slot, self._names))
            compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
            sql, parameters = compiler.as_sql()
            columns = [column for column, *_ in compiler.select]
            converters = compiler.get_converters(columns)
            compiler.get_converters = lambda columns: converters
            self._compiled[connection.vendor] = rows, compiler, sql, parameters
        return self._compiled[connection.vendor]


def _adapted(value):
    """Spell a UUID as the database does, which Django leaves to the fields."""
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
