"""Addresses of the test site."""

from django.urls import include, path
from wagtail import VERSION
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.documents import urls as wagtaildocs_urls

api_v2 = WagtailAPIRouter("api_v2")
api_v2.register_endpoint("pages", PagesAPIViewSet)

api_v3 = []
if VERSION >= (8, 0):
    from wagtail.api.v3.urls import api

    from anodyne_blocks.api.v3_router import router

    api.add_router("/elements/", router)
    api_v3 = [path("api/v3/", api.urls)]

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v2/", api_v2.urls),
    *api_v3,
    path("anodyne/", include("anodyne_blocks.urls")),
    path("", include(wagtail_urls)),
]
