"""The tests' addresses, and the endpoint that gives a draft for a preview's token."""

from typing import Any

from django.urls import path
from rest_framework.response import Response
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail_headless_preview.models import PagePreview

from tests.urls import urlpatterns as urls_of_the_tests


class PreviewAPIViewSet(PagesAPIViewSet):
    """`?content_type=…&token=…` gives the page as it is being edited."""

    known_query_parameters = PagesAPIViewSet.known_query_parameters.union(["content_type", "token"])

    def listing_view(self, request: Any) -> Response:
        page = self.get_object()
        self.action = "detail_view"
        return Response(self.get_serializer(page).data)

    def get_object(self) -> Any:
        token = self.request.GET.get("token", "")
        app_label, model = self.request.GET.get("content_type", "").split(".")
        preview = PagePreview.objects.get(
            content_type__app_label=app_label, content_type__model=model, token=token
        )
        return preview.as_page()


api = WagtailAPIRouter("preview")
api.register_endpoint("page_preview", PreviewAPIViewSet)

urlpatterns = [path("api/preview/", api.urls), *urls_of_the_tests]
