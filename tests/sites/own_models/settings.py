"""The tests' settings, with models of the site's own; its migrations are made by each run."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sites.own_models"]
MIGRATION_MODULES = {"own_models": "migrations_of_own_models"}
ANODYNE_BLOCKS_PRODUCT_MODEL = "own_models.Product"
ANODYNE_BLOCKS_PERSON_MODEL = "own_models.Author"
ANODYNE_BLOCKS_SHOP_RATING_MODEL = "own_models.Rating"
