"""Reads go to a replica, by a router; only transactions read what they wrote."""

import os
import tempfile

from tests.sites.settings.base import *  # noqa: F403

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": ":memory:",
    "OPTIONS": {"timeout": 30, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"},
}
_FILE = os.path.join(tempfile.gettempdir(), f"anodyne-blocks-sites-{os.getpid()}.sqlite3")
DATABASES = {
    "default": {**_SQLITE, "TEST": {"NAME": _FILE}},
    "replica": {**_SQLITE, "TEST": {"MIRROR": "default"}},
}
DATABASE_ROUTERS = ["tests.sites.routers.Replica"]
