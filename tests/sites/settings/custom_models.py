"""Images and users of the site's own."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import INSTALLED_APPS

INSTALLED_APPS = ["tests.sites.users", "tests.sites.pictures", *INSTALLED_APPS]
AUTH_USER_MODEL = "users.User"
WAGTAILIMAGES_IMAGE_MODEL = "pictures.Picture"
