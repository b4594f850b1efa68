"""Addresses of the test site, and GraphQL's."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from grapple import urls as grapple_urls

from anodyne_blocks.api.graphql_view import BoundedGraphQLView
from tests.urls import urlpatterns

bounded = path("api/bounded/", csrf_exempt(BoundedGraphQLView.as_view()))
urlpatterns = [path("api/", include(grapple_urls)), bounded, *urlpatterns]
