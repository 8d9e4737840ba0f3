"""A file may be larger than a ZIP could hold before ZIP64."""

import zipfile
from unittest import mock

import pytest
from django.db import connections

from conversations import backup

from .site import fill


@pytest.mark.parametrize("kind", ["portable", "sqlite"])
def test_a_large_database_and_large_files(kind, transactional_db, tmp_path):
    if kind == "sqlite" and connections["default"].vendor != "sqlite":
        kind = "portable"
    fill()
    path = tmp_path / "site.zip"
    with mock.patch.object(zipfile, "ZIP64_LIMIT", 3):  # for two gigabytes
        backup.write(path, kind=kind)
    assert backup.restore(path, replace=True)["kind"] == kind
