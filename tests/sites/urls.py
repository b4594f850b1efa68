"""Addresses of the sites: the test site's, and GraphQL's."""

from django.urls import include, path
from grapple import urls as grapple_urls

from tests.urls import urlpatterns

urlpatterns = [path("api/", include(grapple_urls)), *urlpatterns]
