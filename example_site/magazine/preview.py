"""Drafts for the front end: what a token of wagtail-headless-preview stands for."""

from typing import Any

from django.http import Http404
from django.urls import path
from django.utils.cache import add_never_cache_headers
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail_headless_preview.models import PagePreview

from anodyne_blocks.api.views import ArticlesAPIViewSet


class PreviewAPIViewSet(ArticlesAPIViewSet):
    """`?content_type=…&token=…` gives the page as it is being edited."""

    known_query_parameters = ArticlesAPIViewSet.known_query_parameters | {"content_type", "token"}

    @classmethod
    def get_urlpatterns(cls) -> list[Any]:
        return [path("", cls.as_view({"get": "listing_view"}), name="listing")]

    def listing_view(self, request: Request) -> Response:
        self.action = "detail_view"
        return Response(self.get_serializer(self.get_object()).data)

    def get_object(self) -> Any:
        app_label, _, model = self.request.GET.get("content_type", "").partition(".")
        preview = PagePreview.objects.filter(
            content_type__app_label=app_label,
            content_type__model=model,
            token=self.request.GET.get("token", ""),
        ).first()
        if preview is None:
            raise Http404("No preview has this content_type and token.")
        return preview.as_page()

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        add_never_cache_headers(response)
        return response
