"""A site with the package, or after it: `ANODYNE_LEFT` is set where it can no more be imported."""

import os
import sys

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as INSTALLED

INSTALLED_APPS = ["pages", *(app for app in INSTALLED if app != "tests.testapp")]
if "ANODYNE_LEFT" in os.environ:
    INSTALLED_APPS.remove("anodyne_blocks")
    # As if it were not installed.
    sys.modules["anodyne_blocks"] = None

FOLDER = os.environ["ANODYNE_SITE"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(FOLDER, "site.sqlite3"),
    }
}
MEDIA_ROOT = os.path.join(FOLDER, "media")
ROOT_URLCONF = "tests.leaving.urls"
