"""Addresses of the benchmark's site: the package's API, Wagtail's at `plain/`, and GraphQL."""

from django.urls import include, path
from grapple import urls as grapple_urls

from tests.api.urls_conditional import urlpatterns as pages_and_apis

urlpatterns = [path("api/", include(grapple_urls)), *pages_and_apis]
