"""`USE_I18N = False`: which language its readers get is not said, but it is one."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import ANODYNE_BLOCKS, PROBE

USE_I18N = False
WAGTAIL_I18N_ENABLED = False
ANODYNE_BLOCKS = {**ANODYNE_BLOCKS, "MARKETS": {"nl": ANODYNE_BLOCKS["MARKETS"]["nl"]}}
PROBE = {**PROBE, "language": None}
