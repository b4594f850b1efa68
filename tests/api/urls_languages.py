"""Addresses of a site that has the language in front, as Wagtail's documentation makes them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls

from tests.urls import api_v2, api_v3

urlpatterns = [
    *api_v3,
    path("api/v2/", api_v2.urls),
    path("anodyne/", include("anodyne_blocks.urls")),
    *i18n_patterns(path("", include(wagtail_urls))),
]
