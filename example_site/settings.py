"""Settings of the example site: SQLite, a local product feed, six languages. For demonstration."""

import os
from pathlib import Path

from example_site.themes import theme_named

BASE_DIR = Path(__file__).resolve().parent
# The brand that the site is: "atlas", or another of example_site.themes.
THEME = theme_named(os.environ.get("EXAMPLE_THEME", "atlas"))

# All that the site writes, each brand for itself; EXAMPLE_VAR puts it elsewhere (tests do).
VAR_DIR = Path(os.environ.get("EXAMPLE_VAR", BASE_DIR / "var" / THEME.own_folder))

SECRET_KEY = "a demonstration on one's own machine needs no secret"  # noqa: S105
DEBUG = os.environ.get("EXAMPLE_DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
ROOT_URLCONF = "example_site.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "example_site.magazine",
    "anodyne_blocks",
    "grapple",
    "graphene_django",
    "wagtail_headless_preview",
    "wagtail.api.v2",
    # Grapple has types for what is in it, and in wagtail.embeds.
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "example_site.magazine.files.TextGZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "anodyne_blocks.api.lost_updates.LostUpdates",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "anodyne_blocks.api.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
X_FRAME_OPTIONS = "SAMEORIGIN"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [THEME.folder / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "example_site.themes.theme",
            ],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "db.sqlite3",
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in [THEME.folder / "static"] if path.is_dir()]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("nl", "Nederlands"),
    ("da", "Dansk"),
    ("sv", "Svenska"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("ar", "العربية"),
]

WAGTAIL_SITE_NAME = THEME.name
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_BASE_URL = os.environ.get("EXAMPLE_BASE_URL", "http://127.0.0.1:8000")
GRAPPLE = {"APPS": ["magazine"]}
GRAPHENE = {
    "SCHEMA": "grapple.schema.schema",
    "MIDDLEWARE": ["anodyne_blocks.api.graphql.OnePass"],
}
# The front end of example_site/headless, beside the site's own preview.
WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": "{SITE_ROOT_URL}/headless/"}}
# The demonstration asks nothing of the network.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]

# Smaller than WebP at the same look, and slower to make: the large drawings are worth it.
AVIF = "format-avif|avifquality-60"
RULES = "anodyne_blocks.pricing.rules"
ANODYNE_BLOCKS = {
    "MARKETS": {
        "nl": {
            "LOCALES": ["nl"],
            "COUNTRY": "NL",
            "CURRENCY": "EUR",
            "PRICE_RULE": f"{RULES}.NL",
        },
        # Ten days is as long as a reduction may be announced there.
        "da": {
            "LOCALES": ["da"],
            "COUNTRY": "DK",
            "CURRENCY": "DKK",
            "PRICE_RULE": f"{RULES}.DK",
        },
        "sv": {
            "LOCALES": ["sv"],
            "COUNTRY": "SE",
            "CURRENCY": "SEK",
            "PRICE_RULE": f"{RULES}.SE",
        },
        "de": {
            "LOCALES": ["de"],
            "COUNTRY": "DE",
            "CURRENCY": "EUR",
            "PRICE_RULE": f"{RULES}.DE",
        },
        "en": {
            "LOCALES": ["en"],
            "COUNTRY": "GB",
            "CURRENCY": "GBP",
            "PRICE_RULE": f"{RULES}.EU",
        },
        "ar": {
            "LOCALES": ["ar"],
            "COUNTRY": "AE",
            "CURRENCY": "AED",
            "PRICE_RULE": f"{RULES}.EU",
        },
    },
    "SHOPS": {
        "atlas": {
            "BACKEND": "anodyne_blocks.shops.merchant_feed.MerchantFeed",
            "OPTIONS": {"location": str(VAR_DIR / "feeds" / "{market}.xml")},
        },
    },
    "JSON_LD_PAGE_TYPE": "MedicalWebPage",
    # As many as stand in one row on a phone.
    "SHARE_NETWORKS": ["email", "whatsapp", "facebook"],
    # No drawing is wider than 1200 pixels.
    "IMAGE_SIZES": {
        "figure": {
            "small": f"width-480|{AVIF}",
            "medium": f"width-800|{AVIF}",
            "large": f"width-1200|{AVIF}",
            "xlarge": f"width-1200|{AVIF}",
        }
    },
    "UTM": {"utm_source": "magazine", "utm_medium": "article"},
}
