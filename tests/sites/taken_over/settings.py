"""The tests' settings, before the site has its own model, when it is made, and when it is set."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

STEP = os.environ["STEP"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}}
MIGRATION_MODULES = {"taken_over": "migrations_of_taken_over"}
if STEP != "before":
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.sites.taken_over"]
if STEP == "set":
    ANODYNE_BLOCKS_PRODUCT_MODEL = "taken_over.Product"
