"""The tests' site, with wagtail-localize in place of simple_translation."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as INSTALLED

_IN_PLACE_OF = {
    "wagtail.contrib.simple_translation": "wagtail_localize",
    "wagtail.locales": "wagtail_localize.locales",
}
INSTALLED_APPS = [_IN_PLACE_OF.get(app, app) for app in INSTALLED]
