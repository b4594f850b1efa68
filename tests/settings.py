"""Settings of the site that the tests run in: a small Wagtail site in all that is shipped."""

import os
import tempfile
from pathlib import Path

from django.conf.locale import LANG_INFO

ROOT = Path(__file__).parent.parent

SECRET_KEY = "tests only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "UTC"

ROOT_URLCONF = "tests.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
# Each test gets a folder of its own (conftest.py); this one catches what runs outside tests.
MEDIA_ROOT = os.path.join(tempfile.gettempdir(), "anodyne-blocks-test-media")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [
    "anodyne_blocks",
    "tests.testapp",
    "wagtail.api.v2",
    "wagtail.contrib.simple_translation",
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
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Runs beside each other on one server do not share a database.
DATABASE_NAME = os.environ.get("ANODYNE_TEST_DB_NAME", f"anodyne_blocks_{os.getpid()}")
DATABASES = {
    "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
    "postgres": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_NAME,
        "USER": os.environ.get("PGUSER", "postgres"),
        "HOST": os.environ.get("PGHOST", "127.0.0.1"),
        "PORT": os.environ.get("PGPORT", "5432"),
    },
    "mariadb": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": DATABASE_NAME,
        "USER": os.environ.get("MYSQL_USER", "root"),
        "HOST": os.environ.get("MYSQL_HOST", "127.0.0.1"),
        "PORT": os.environ.get("MYSQL_PORT", "3306"),
    },
}
CHOSEN = os.environ.get("ANODYNE_TEST_DB") or "sqlite"
if CHOSEN == "mariadb":
    import pymysql

    # As a site does that has it in place of mysqlclient.
    pymysql.install_as_MySQLdb()
DATABASES = {"default": DATABASES[CHOSEN]}

LANGUAGE_CODE = "en"
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
SHIPPED = sorted(
    path.name.replace("_", "-").lower()
    for path in (Path(__file__).parents[1] / "anodyne_blocks" / "locale").iterdir()
)
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in SHIPPED]

WAGTAIL_SITE_NAME = "Tests"
WAGTAILADMIN_BASE_URL = "http://testserver"

NO_PRICE_LAW = "anodyne_blocks.pricing.rules.ListPrice"

ANODYNE_BLOCKS = {
    "MARKETS": {
        "nl": {"LOCALES": ["nl"], "COUNTRY": "NL", "CURRENCY": "EUR"},
        "da": {"LOCALES": ["da"], "COUNTRY": "DK", "CURRENCY": "DKK"},
        "sv": {"LOCALES": ["sv"], "COUNTRY": "SE", "CURRENCY": "SEK"},
        "de": {"LOCALES": ["de"], "COUNTRY": "DE", "CURRENCY": "EUR"},
        "en": {"LOCALES": ["en"], "COUNTRY": "GB", "CURRENCY": "GBP", "PRICE_RULE": NO_PRICE_LAW},
        "ar": {"LOCALES": ["ar"], "COUNTRY": "AE", "CURRENCY": "AED", "PRICE_RULE": NO_PRICE_LAW},
    },
}
