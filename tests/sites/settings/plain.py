"""As most sites are."""

from tests.sites.settings.base import *  # noqa: F403
