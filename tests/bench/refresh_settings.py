"""Settings of the site whose workers are measured; the environment names its database and shop."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import ANODYNE_BLOCKS, DATABASES, INSTALLED_APPS

REDIS_URL = os.environ.get("ANODYNE_TEST_REDIS", "redis://127.0.0.1:6379/15")

DATABASES = {"default": DATABASES["default"] | {"NAME": os.environ["ANODYNE_BENCH_DB"]}}

INSTALLED_APPS = [*INSTALLED_APPS, "django_tasks_db", "django_tasks_rq", "django_rq"]
# The process that measures enters the back ends one after the other.
TASK_BACK_END = os.environ.get("ANODYNE_BENCH_TASKS", "django_tasks_db.DatabaseBackend")
TASKS = {"default": {"BACKEND": TASK_BACK_END}}
RQ_QUEUES = {"default": {"URL": REDIS_URL}}


class NoMigrations:
    """Tables are made from the models at once, which takes seconds where migrations take many."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = NoMigrations()

SHOP = {
    "BACKEND": "anodyne_blocks.shops.woocommerce.WooCommerce",
    "OPTIONS": {"url": os.environ["ANODYNE_BENCH_SHOP"], "allow_private": True},
}
ANODYNE_BLOCKS = {
    "MARKETS": {"nl": ANODYNE_BLOCKS["MARKETS"]["nl"]},
    "SHOPS": {"webshop": SHOP},
}
