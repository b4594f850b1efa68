"""`USE_I18N = False`: which language its readers get is not said, but it is one."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import PROBE

USE_I18N = False
WAGTAIL_I18N_ENABLED = False
PROBE = {**PROBE, "language": None}
