"""A check of database options without which workers lock each other out, or mistake ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.db import connections, router

from anodyne_blocks import conf
from anodyne_blocks.checks.messages import Messages, warning
from anodyne_blocks.models import WebhookDelivery, get_product_model

# Seconds that Python waits for a lock of SQLite's where nothing else is said.
_DEFAULT_TIMEOUT = 5
_ENOUGH = 20


@register(Tags.database, "anodyne_blocks")
def check_databases(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Asked of the databases that Django is told to check: `check --database`, and `migrate`."""
    alias = router.db_for_write(get_product_model())
    if alias not in (databases or ()):
        return []
    connection = connections[alias]
    checks = {"sqlite": _sqlite, "mysql": _mysql}
    return list(checks[connection.vendor](connection)) if connection.vendor in checks else []


def _sqlite(connection: Any) -> Messages:
    """A transaction that begins with reading cannot wait for a lock: SQLite ends it at once."""
    # A site without shops has no workers.
    if connection.is_in_memory_db() or not conf.get("SHOPS"):
        return
    options = connection.settings_dict["OPTIONS"]
    waits = options.get("timeout", _DEFAULT_TIMEOUT) >= _ENOUGH
    if not waits or str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        yield warning(
            34,
            f"DATABASES[{connection.alias!r}]: processes that write to SQLite at the same time fail"
            " with “database is locked”.",
            'Where more than one does, set "OPTIONS": {"timeout": 30, "transaction_mode":'
            ' "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"};'
            " else silence this by SILENCED_SYSTEM_CHECKS.",
        )


def _mysql(connection: Any) -> Messages:
    """The collation that a migration gave the ids is lost when their column is altered."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model, name in (
            (get_product_model(), "external_id"),
            (WebhookDelivery, "delivery_id"),
        ):
            table = model._meta.db_table
            if table not in tables:
                continue
            cursor.execute(
                "SELECT collation_name FROM information_schema.columns"
                " WHERE table_schema = DATABASE() AND table_name = %s AND column_name = %s",
                [table, name],
            )
            (collation,) = cursor.fetchone()
            if collation not in ("utf8mb4_nopad_bin", "utf8mb4_0900_bin"):
                yield warning(
                    35,
                    f"The column {table}.{name} has the collation {collation}: ids that differ in"
                    " case or in a space at the end are taken for one.",
                    "Run migrate; if it has been run, repeat what migration 0006 of anodyne_blocks"
                    " says.",
                )
