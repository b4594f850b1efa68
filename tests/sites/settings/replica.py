"""Reads go to a replica, by a router."""

from tests.sites.settings.base import *  # noqa: F403

DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
    "replica": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "TEST": {"MIRROR": "default"},
    },
}
DATABASE_ROUTERS = ["tests.sites.routers.Replica"]
