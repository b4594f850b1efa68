"""API v2's pages with compact, conditional answers, and listings of few queries."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Site

from anodyne_blocks.api.bodies import Bodies
from anodyne_blocks.api.conditional import BODIES_KEY, CACHE_CONTROL, is_anonymous
from anodyne_blocks.api.renderers import CompactJSONRenderer
from anodyne_blocks.fields import ArticleField


class ArticlesAPIMixin:
    """Mix into a viewset of pages, before it; answers hold what they hold without it.

    JSON comes without indentation, unless it is asked for (`Accept: application/json; indent=4`).
    Answers for anyone have an `ETag`, and a 304 builds no body. What a listing shows of related
    rows is fetched in one query for each relation.
    """

    cache_control = CACHE_CONTROL
    # Part of every ETag: a name of the site's present release, if its own code changes answers.
    release = ""

    def is_public(self, request: HttpRequest) -> bool:
        """Whether the answer may have an ETag and be kept by caches."""
        return is_anonymous(request)

    @cached_property
    def bodies(self) -> Bodies:
        """The bodies of this answer; a view serves one request."""
        return Bodies(self.request)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), BODIES_KEY: self.bodies}

    def get_renderers(self) -> list[Any]:
        return [
            CompactJSONRenderer() if type(renderer) is JSONRenderer else renderer
            for renderer in super().get_renderers()
        ]

    def get_renderer_context(self) -> dict[str, Any]:
        context = super().get_renderer_context()
        context.pop("indent", None)
        return context

    @cached_property
    def _base_queryset(self) -> QuerySet:
        return super().get_base_queryset()

    def get_base_queryset(self) -> QuerySet:
        # Wagtail asks up to four times in a request, with three queries each.
        return self._base_queryset.all()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's serializer; of a listing with all that its pages show of related rows."""
        if not kwargs.get("many"):
            return super().get_serializer(*args, **kwargs)
        pages = list(args[0])
        serializer = super().get_serializer(pages, **kwargs)
        prefetch_related_objects(pages, *_relations_shown(serializer.child))
        paths = Site.get_site_root_paths()
        for page in pages:
            # Wagtail's own place for them; it reads the cache once a page otherwise.
            page._wagtail_cached_site_root_paths = paths
        return serializer

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code != 200 or not hasattr(response, "data"):
            return response
        if not self.is_public(request._request):
            response["Cache-Control"] = "private"
        elif response.accepted_renderer.format == "json":
            rest = CompactJSONRenderer().render(response.data)
            kind = response.accepted_media_type
            parts = [self.release.encode(), kind.encode(), rest]
            writer = response.accepted_renderer
            writes = isinstance(writer, CompactJSONRenderer) and writer.writes_elements(
                kind, response.renderer_context
            )
            place = writer.place if writes else None
            return self.bodies.answer(request._request, response, parts, self.cache_control, place)
        self.bodies.fill()
        return response


class ArticlesAPIViewSet(ArticlesAPIMixin, PagesAPIViewSet):
    """Wagtail's `PagesAPIViewSet`, fast: register it in its place."""


def _relations_shown(serializer: Any) -> list[str]:
    """The foreign keys that a serializer of pages shows; the locale, if it shows an article."""
    fields = {field.name: field for field in serializer.Meta.model._meta.concrete_fields}
    shown = [fields[name] for name in serializer.Meta.fields if name in fields]
    names = {field.name for field in shown if field.is_relation}
    if "locale" in fields and any(isinstance(field, ArticleField) for field in shown):
        names.add("locale")
    return sorted(names)
