"""The pages are on the second of two sites, both Dutch."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import PROBE

PROBE = {**PROBE, "host": "second.example"}
