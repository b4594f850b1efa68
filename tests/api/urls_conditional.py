from django.urls import include, path
from wagtail import VERSION
from wagtail import urls as wagtail_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from anodyne_blocks.api.views import ArticlesAPIViewSet

fast = WagtailAPIRouter("api_v2")
fast.register_endpoint("pages", ArticlesAPIViewSet)
wagtails = WagtailAPIRouter("plain")
wagtails.register_endpoint("pages", PagesAPIViewSet)

urlpatterns = [
    path("api/v2/", fast.urls),
    path("plain/", wagtails.urls),
    path("", include(wagtail_urls)),
]

if VERSION >= (8, 0):
    from wagtail.api.v3.urls import api

    urlpatterns.insert(0, path("api/v3/", api.urls))
