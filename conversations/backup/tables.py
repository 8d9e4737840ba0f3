"""Which tables a backup has, and the rows of one as plain values, the same anywhere."""

import base64
import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import JSONField, Value

# What was ended since would come back to life.
LEFT_OUT = {"sessions.Session", "usersessions.UserSession"}
_ROWS = 200  # fetched at once
_MODULUS = 1 << 256


def kept_models():
    """Return the models of the tables in a backup, by name."""
    found = [model for model in _every() if model._meta.label not in LEFT_OUT]
    return {model._meta.label: model for model in found}


def left_out_models():
    return [model for model in _every() if model._meta.label in LEFT_OUT]


def _every():
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def columns_of(model):
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def names_of(model):
    return [field.attname for field in columns_of(model)]


def plain_rows(model, using):
    """Yield each row as a list of what JSON knows, in the order of `names_of`."""
    rows = model._base_manager.using(using).order_by("pk")
    for row in rows.values_list(*names_of(model)).iterator(_ROWS):
        yield [_plain(value) for value in row]


def revived(model, values):
    """Return the unsaved row whose plain values those are."""
    columns = columns_of(model)
    found = [_revived(*pair) for pair in zip(columns, values, strict=True)]
    return model.from_db(None, [field.attname for field in columns], found)


class Fingerprint:
    """How many rows, and a hash of them that does not depend on their order.

    Databases do not agree on the order of text.
    """

    def __init__(self):
        self.rows, self._sum = 0, 0

    def add(self, line):
        """Take in a row as `line_of` spells it."""
        self.rows += 1
        digest = int.from_bytes(hashlib.sha256(line.encode()).digest())
        self._sum = (self._sum + digest) % _MODULUS

    def told(self):
        return {"rows": self.rows, "sha256": f"{self._sum:064x}"}


def line_of(values):
    """Spell a row in one way, whatever database it comes from."""
    return json.dumps(_canonical(values), sort_keys=True, separators=(",", ":"))


def fingerprint(model, using):
    found = Fingerprint()
    for values in plain_rows(model, using):
        found.add(line_of(values))
    return found.told()


def _plain(value):
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case UUID() | Decimal() | timedelta():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
    return value


def _revived(field, value):
    if isinstance(field, JSONField):
        # Without a wrapper None would be no value, which such a column may not take.
        is_null = value is None and not field.null
        return Value(None, JSONField()) if is_null else value
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.to_python(value)


def _canonical(value):
    """PostgreSQL keeps 1e5 of a JSON column as 100000."""
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
