"""The example site's settings with more shops: EXAMPLE_SHOPS holds them, as JSON."""

import json
import os

from example_site.settings import *  # noqa: F403
from example_site.settings import ANODYNE_BLOCKS

ANODYNE_BLOCKS["SHOPS"] |= json.loads(os.environ["EXAMPLE_SHOPS"])
