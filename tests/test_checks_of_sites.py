"""Checks of what stands around the package's own setting: databases, and the order of apps."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from wagtail import VERSION

from anodyne_blocks.checks import databases
from tests.settings import ROOT

SHOP = {"webshop": {"BACKEND": "anodyne_blocks.shops.dummy.Dummy"}}
# As docs/how-to/products.md says.
WAITING = {"timeout": 30, "transaction_mode": "IMMEDIATE"}


def found(**kwargs: Any) -> list[str]:
    return [str(message.id) for message in databases.check_databases(**kwargs)]


@pytest.mark.parametrize(
    ("options", "shops", "ids"),
    [
        ({}, SHOP, ["anodyne_blocks.W034"]),
        ({"timeout": 30}, SHOP, ["anodyne_blocks.W034"]),
        ({"transaction_mode": "IMMEDIATE"}, SHOP, ["anodyne_blocks.W034"]),
        (WAITING, SHOP, []),
        ({}, {}, []),
    ],
)
def test_workers_on_sqlite_are_to_wait(settings, monkeypatch, tmp_path: Path, options, shops, ids):
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "SHOPS": shops}
    site = DatabaseWrapper({"NAME": tmp_path / "db.sqlite3", "OPTIONS": options}, "default")
    monkeypatch.setattr(databases, "connections", {"default": site})
    assert found(databases=["default"]) == ids
    assert found(databases=None) == []


if connection.vendor == "mysql":

    def test_ids_on_mysql_keep_their_collation(transactional_db):
        assert found(databases=["default"]) == []
        migration = import_module("anodyne_blocks.migrations.0006_ids_letter_by_letter")
        with connection.schema_editor() as editor:
            try:
                editor.execute("ALTER TABLE anodyne_blocks_product MODIFY external_id varchar(255)")
                assert found(databases=["default"]) == ["anodyne_blocks.W035"]
            finally:
                migration.tell_ids_apart(apps, editor)
        assert found(databases=["default"]) == []


# API v3 came with Wagtail 8.0.
@pytest.mark.parametrize("is_first", [True, False] if VERSION >= (8, 0) else [True])
def test_an_app_that_reads_the_models_before_is_told_of(is_first: bool) -> None:
    own, other = '"anodyne_blocks"', '"wagtail.contrib.redirects"'
    order = f"{own}, {other}" if is_first else f"{other}, {own}"
    source = f"""
import django
from django.conf import settings
from tests import settings as own

values = {{name: getattr(own, name) for name in dir(own) if name.isupper()}}
values["INSTALLED_APPS"] = [{order}, *own.INSTALLED_APPS[1:]]
settings.configure(**values)
django.setup()
from anodyne_blocks.checks import check_order_of_apps

print([message.id for message in check_order_of_apps()])
"""
    result = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout == ("[]\n" if is_first else "['anodyne_blocks.W033']\n")
