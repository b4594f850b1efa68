"""The site of which each variation changes something.

Its pages are Dutch, and its readers ask for Danish. `PROBE` says what the probe expects:

- `first_language`: the `LANGUAGE_CODE` of the first `migrate`, where it was another
- `locale`: that of the pages; `language`: what their readers then get (None: any, but one)
- `market`: whose prices they get
- `host`: the site on which the pages are
- `asgi`: requests come by ASGI
- `refused`: the ids of the checks that refuse such a site, of which nothing more is tried
"""

from tests.settings import *  # noqa: F403
from tests.settings import ANODYNE_BLOCKS, INSTALLED_APPS, ROOT, TEMPLATES
from tests.settings import MIDDLEWARE as MIDDLEWARE

INSTALLED_APPS = [
    "tests.sites.apps.Sites",
    "grapple",
    "graphene_django",
    *INSTALLED_APPS,
    # Grapple has types for what is in them.
    "wagtail.contrib.redirects",
    "wagtail.embeds",
]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [ROOT / "tests" / "sites" / "templates"]}]
LANGUAGE_CODE = "nl"
ROOT_URLCONF = "tests.sites.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

GRAPPLE = {"APPS": ["testapp"]}
GRAPHENE = {
    "SCHEMA": "grapple.schema.schema",
    "MIDDLEWARE": ["anodyne_blocks.api.graphql.OnePass"],
}

ANODYNE_BLOCKS = {
    **ANODYNE_BLOCKS,
    "SHOPS": {
        # What the stored products came from; it says nothing more.
        "webshop": {"BACKEND": "anodyne_blocks.shops.dummy.Dummy"},
        "store": {
            "BACKEND": "anodyne_blocks.shops.dummy.Dummy",
            "OPTIONS": {
                "products": {"mat": {"title": "Mat", "price": "12.50"}},
                "webhook_secret": "whsec_c2VjcmV0IG9mIHRoZSBkdW1teSBzaG9w",
            },
        },
    },
}
PROBE = {
    "first_language": None,
    "locale": "nl",
    "language": "nl",
    "market": "nl",
    "host": "localhost",
    "asgi": False,
    "refused": [],
}
