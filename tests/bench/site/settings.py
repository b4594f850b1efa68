"""Settings of the benchmark's site: what a small Wagtail site has in production, on SQLite."""

import os

from tests.api.graphql_site.settings import *  # noqa: F403
from tests.api.graphql_site.settings import INSTALLED_APPS
from tests.bench.frame import BUILD

INSTALLED_APPS = ["tests.bench.site.apps.BenchSite", *INSTALLED_APPS]
ROOT_URLCONF = "tests.bench.site.urls"
# Wagtail's router finds no page of a language by the address alone: all are in English.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
# Each process that measures has a file of its own.
FOLDER = BUILD / "bench" / f"site-{os.getpid()}"
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "site.sqlite3")}
}
MEDIA_ROOT = str(FOLDER / "media")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # All renditions of all baselines: a cache that drops some would only slow those down.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
# Nobody searches here.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
}
WAGTAILAPI_LIMIT_MAX = 50

# Law asks for the lowest price of 30 days, which the naive page prints too.
ANODYNE_BLOCKS = {"MARKETS": {"en": {"LOCALES": ["en"], "COUNTRY": "IE", "CURRENCY": "EUR"}}}
