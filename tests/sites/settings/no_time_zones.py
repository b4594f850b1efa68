"""`USE_TZ = False`."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import PROBE

USE_TZ = False
TIME_ZONE = "Europe/Amsterdam"
PROBE = {**PROBE, "refused": ["anodyne_blocks.E031"]}
