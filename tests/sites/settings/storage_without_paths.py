"""Uploads go where no file has a path, as with cloud storages."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import STORAGES

STORAGES = {**STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
