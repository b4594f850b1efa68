"""Where rows are read and written."""

from __future__ import annotations

from typing import Any

from django.db import connections


class Replica:
    """Reads from the replica, but within transactions; writes to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        # Without the first, Wagtail itself does not save a page. While migrations run, the replica
        # is none yet.
        names = {connections[alias].settings_dict["NAME"] for alias in ("default", "replica")}
        is_inside = connections["default"].in_atomic_block
        return "default" if is_inside or len(names) > 1 else "replica"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, *objects: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"
