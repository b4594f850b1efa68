"""No page translations; the site's language was changed after the first `migrate`."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import ANODYNE_BLOCKS, PROBE

WAGTAIL_I18N_ENABLED = False
ANODYNE_BLOCKS = {**ANODYNE_BLOCKS, "MARKETS": {"nl": ANODYNE_BLOCKS["MARKETS"]["nl"]}}
PROBE = {**PROBE, "first_language": "en-us", "locale": "en"}
