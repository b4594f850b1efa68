"""`USE_TZ = False`."""

from tests.sites.settings.base import *  # noqa: F403

USE_TZ = False
TIME_ZONE = "Europe/Amsterdam"
