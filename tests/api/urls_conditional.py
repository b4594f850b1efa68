from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from anodyne_blocks.api.views import ArticlesAPIViewSet
from tests.urls import api_v3

fast = WagtailAPIRouter("api_v2")
fast.register_endpoint("pages", ArticlesAPIViewSet)
wagtails = WagtailAPIRouter("plain")
wagtails.register_endpoint("pages", PagesAPIViewSet)

urlpatterns = [
    *api_v3,
    path("api/v2/", fast.urls),
    path("plain/", wagtails.urls),
    path("", include(wagtail_urls)),
]
