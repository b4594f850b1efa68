"""Where rows are read and written."""

from __future__ import annotations

from typing import Any

from django.db import connections


class Replica:
    """Reads from the replica, writes to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        # While the migrations run there is none.
        names = {connections[alias].settings_dict["NAME"] for alias in ("default", "replica")}
        return "replica" if len(names) == 1 and ":memory:" not in names else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, *objects: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"
