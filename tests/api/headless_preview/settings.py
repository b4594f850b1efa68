"""The tests' settings, with wagtail-headless-preview."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "wagtail_headless_preview", "tests.api.headless_preview"]
ROOT_URLCONF = "tests.api.headless_preview.urls"
WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": "https://front.example/preview"}}
