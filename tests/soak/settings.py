"""Settings of the site under load; the environment names its database and its shop."""

import os

from tests.bench.refresh_settings import *  # noqa: F403
from tests.bench.refresh_settings import ANODYNE_BLOCKS, REDIS_URL

LANGUAGE_CODE = "nl"
_TASKS = os.environ.get("ANODYNE_SOAK_TASKS", "immediate.ImmediateBackend")
TASKS = {"default": {"BACKEND": f"django_tasks.backends.{_TASKS}"}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
MEDIA_ROOT = os.environ["ANODYNE_SOAK_MEDIA"]
SHOP = {**ANODYNE_BLOCKS["SHOPS"]["webshop"]}
SHOP["OPTIONS"] = {**SHOP["OPTIONS"], "webhook_secret": "soak"}
ANODYNE_BLOCKS = {**ANODYNE_BLOCKS, "SHOPS": {"webshop": SHOP}}
