"""Requests come by ASGI."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import PROBE

PROBE = {**PROBE, "asgi": True}
