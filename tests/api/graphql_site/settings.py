"""Settings of the test site with GraphQL."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [
    "tests.api.graphql_site.apps.GraphQLSite",
    "grapple",
    "graphene_django",
    *INSTALLED_APPS,
    # Grapple has types for what is in them.
    "wagtail.contrib.redirects",
    "wagtail.embeds",
]
ROOT_URLCONF = "tests.api.graphql_site.urls"
# The process that started this one may be using PostgreSQL's test database.
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
GRAPPLE = {"APPS": ["testapp"]}
GRAPHENE = {
    "SCHEMA": "grapple.schema.schema",
    "MIDDLEWARE": ["anodyne_blocks.api.graphql.OnePass"],
}
