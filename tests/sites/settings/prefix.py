"""The site is below a folder of its host."""

from tests.sites.settings.base import *  # noqa: F403

FORCE_SCRIPT_NAME = "/magazine"
STATIC_URL = "/magazine/static/"
MEDIA_URL = "/magazine/media/"
