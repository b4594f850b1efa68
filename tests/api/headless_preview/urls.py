"""The tests' addresses, and the documented endpoint that gives a draft for a preview's token."""

from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter

from anodyne_blocks.api.views import ArticlesAPIViewSet
from example_site.magazine.preview import PreviewAPIViewSet
from tests.urls import urlpatterns as urls_of_the_tests

api = WagtailAPIRouter("preview")
api.register_endpoint("pages", ArticlesAPIViewSet)
api.register_endpoint("page_preview", PreviewAPIViewSet)

urlpatterns = [path("api/preview/", api.urls), *urls_of_the_tests]
